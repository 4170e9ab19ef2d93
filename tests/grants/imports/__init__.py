"""Published lists of grants: cells, rows, files, the import, its pages."""
