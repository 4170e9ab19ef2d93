"""What every page is made of: lists, forms, tables, filters, formats and navigation."""
