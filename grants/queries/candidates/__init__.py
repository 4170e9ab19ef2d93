"""What each flag rule looks at: SQL narrows to candidates, the pure rule decides each, in order of the subject.

Every stream is ordered by its subject's key and yields only what the rule flags, so that a pass can lay it beside
the flags that stand, with bounded memory. The number of queries does not hang on how much there is.
"""

from grants.queries.candidates.base import GROUPS, Candidate, Context, make_context
from grants.queries.candidates.streams import STREAMS

__all__ = ["GROUPS", "STREAMS", "Candidate", "Context", "make_context"]
