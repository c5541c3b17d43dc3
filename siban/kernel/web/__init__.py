"""What every request passes: security headers and faults that speak."""
