"""What this library costs, beside the least that could be spent, and beside pylti1p3. Run: python -m benchmarks."""
