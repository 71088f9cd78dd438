/// The middle of some numbers, at least one; the mean of the two middle ones of an even count.
func median(_ numbers: some Collection<Double>) -> Double {
  let sorted = numbers.sorted()
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}
