"""Speed and memory, as ratios against named references of the same run."""
