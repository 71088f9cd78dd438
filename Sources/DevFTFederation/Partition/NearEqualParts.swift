/// Cuts a sequence into consecutive parts whose sizes differ by at most one, larger ones first.
///
/// - Parameters:
///   - elements: The sequence.
///   - count: Number of parts, at least 1.
/// - Returns: The parts in order.
func nearEqualParts(of elements: [Int], count: Int) -> [[Int]] {
  let (size, surplus) = elements.count.quotientAndRemainder(dividingBy: count)
  var start = 0
  return (0..<count).map { part in
    let end = start + size + (part < surplus ? 1 : 0)
    defer { start = end }
    return Array(elements[start..<end])
  }
}
