"""A table becomes compared candidates, and the best of them pipelines ready to use."""
