/// Whole numbers in words.
enum NumberWords {
  private static let small = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
  ]
  private static let tens = [
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
  ]

  /// Spells a number.
  ///
  /// - Parameter number: From 0 to 99.
  /// - Returns: Such as `twenty-one`.
  /// - Precondition: The number is in range.
  static func spell(_ number: Int) -> String {
    precondition((0...99).contains(number), "number \(number) is not in 0...99")
    if number < 20 { return small[number] }
    let word = tens[number / 10]
    return number % 10 == 0 ? word : "\(word)-\(small[number % 10])"
  }
}
