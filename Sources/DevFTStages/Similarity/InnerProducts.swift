import DevFTTensor

/// Inner products of all pairs of some tensors, in float64, by one thread.
///
/// Blocks of the tensors are widened to float64 and multiplied two rows by two rows.
struct InnerProducts {
  private let count: Int
  private var values: [Double]
  // An even number of rows: the last one stays zero when the tensors are odd in number.
  private let rowCount: Int
  private var block: [Lanes]

  private typealias Lanes = SIMD4<Double>
  /// Numbers of each tensor widened at a time: all tensors' blocks together fit the second cache.
  private static let blockLength = vectorsInRow * Lanes.scalarCount
  private static let vectorsInRow = 128

  /// Multiplies every two tensors over the same range.
  ///
  /// - Parameters:
  ///   - tensors: The tensors.
  ///   - range: The places of the numbers that count, in every tensor.
  /// - Returns: The products, row-major, symmetric.
  static func ofPairs(_ tensors: [Tensor], in range: Range<Int>) -> [Double] {
    var products = InnerProducts(count: tensors.count)
    for start in stride(from: range.lowerBound, to: range.upperBound, by: blockLength) {
      let length = min(blockLength, range.upperBound - start)
      for (row, tensor) in tensors.enumerated() {
        products.widen(tensor, start..<start + length, into: row)
      }
      products.addBlock(length)
    }
    return products.values
  }

  private init(count: Int) {
    self.count = count
    rowCount = count + count % 2
    values = Array(repeating: 0, count: count * count)
    block = Array(repeating: .zero, count: rowCount * Self.vectorsInRow)
  }

  /// Fills a row of the block; the lanes after the last number become zero.
  private mutating func widen(_ tensor: Tensor, _ range: Range<Int>, into row: Int) {
    unsafe block.withUnsafeMutableBufferPointer { block in
      unsafe tensor.elements[range].withUnsafeBufferPointer { numbers in
        // SAFETY: a row of the block holds blockLength numbers, at least as many as the range.
        let vectors = unsafe block[row * Self.vectorsInRow..<(row + 1) * Self.vectorsInRow]
        unsafe UnsafeMutableBufferPointer(rebasing: vectors).withMemoryRebound(to: Double.self) {
          for index in 0..<numbers.count { unsafe $0[index] = unsafe Double(numbers[index]) }
          for index in numbers.count..<$0.count { unsafe $0[index] = 0 }
        }
      }
    }
  }

  /// Adds the products of the first numbers of all rows of the block.
  private mutating func addBlock(_ length: Int) {
    let vectorCount = (length + Lanes.scalarCount - 1) / Lanes.scalarCount
    for row in stride(from: 0, to: rowCount, by: 2) {
      for column in stride(from: 0, through: row, by: 2) { addTile(row, column, vectorCount) }
    }
  }

  /// Adds the four products of rows `row`, `row + 1` with rows `column`, `column + 1`.
  private mutating func addTile(_ row: Int, _ column: Int, _ vectorCount: Int) {
    let tile = unsafe block.withUnsafeBufferPointer { block in
      // Sums that live inside the closure stay in registers.
      var tile = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
      guard let first = block.baseAddress else { return tile }
      // SAFETY: row + 1 and column + 1 are below rowCount, and vectorCount is at most vectorsInRow.
      let (a, c) = unsafe (first + row * Self.vectorsInRow, first + column * Self.vectorsInRow)
      let (b, d) = unsafe (a + Self.vectorsInRow, c + Self.vectorsInRow)
      for vector in 0..<vectorCount {
        unsafe tile.0 += a[vector] * c[vector]
        unsafe tile.1 += a[vector] * d[vector]
        unsafe tile.2 += b[vector] * c[vector]
        unsafe tile.3 += b[vector] * d[vector]
      }
      return tile
    }
    add(tile.0.sum(), row, column)
    add(tile.2.sum(), row + 1, column)
    // On the diagonal the tile holds one product twice.
    if row != column { add(tile.1.sum(), row, column + 1) }
    add(tile.3.sum(), row + 1, column + 1)
  }

  private mutating func add(_ product: Double, _ row: Int, _ column: Int) {
    guard row < count, column < count else { return }
    values[row * count + column] += product
    if row != column { values[column * count + row] += product }
  }
}
