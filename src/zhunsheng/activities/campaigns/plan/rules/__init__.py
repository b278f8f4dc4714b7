"""What a plan must say, which days fit, and when a region may enter or leave a stage; pure."""
