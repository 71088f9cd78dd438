package import DevFTTensor

/// Inner products of all pairs of layers, summed over their parameters in float64.
///
/// `G_ij = Σ_p ⟨θ_i[p], θ_j[p]⟩`. Parameters are added one at a time, so only one parameter of all
/// layers is in memory; blocks of it are widened to float64 and multiplied two rows by two rows.
/// The order of the additions depends on the sizes alone.
package struct GramMatrix {
  /// Number of layers.
  package let layerCount: Int
  /// `G`, row-major, symmetric.
  package private(set) var values: [Double]
  // An even number of rows: the last one stays zero when the layers are odd in number.
  private let rowCount: Int
  private var block: [Double]

  private typealias Lanes = SIMD4<Double>
  /// Numbers of each layer widened at a time: all layers' blocks together fit the second cache.
  private static let blockLength = 512

  /// Starts from zero.
  package init(layerCount: Int) {
    self.layerCount = layerCount
    rowCount = layerCount + layerCount % 2
    values = Array(repeating: 0, count: layerCount * layerCount)
    block = Array(repeating: 0, count: rowCount * Self.blockLength)
  }

  /// Adds the inner products of one parameter.
  ///
  /// - Parameter tensors: The parameter in every layer, lowest first, all of one size.
  package mutating func add(_ tensors: [Tensor]) {
    precondition(tensors.count == layerCount, "\(tensors.count) tensors, \(layerCount) layers")
    let count = tensors.first?.count ?? 0
    for start in stride(from: 0, to: count, by: Self.blockLength) {
      let length = min(Self.blockLength, count - start)
      for (row, tensor) in tensors.enumerated() { widen(tensor, from: start, length, into: row) }
      let vectorCount = (length + Lanes.scalarCount - 1) / Lanes.scalarCount
      for row in stride(from: 0, to: rowCount, by: 2) {
        for column in stride(from: 0, through: row, by: 2) { addTile(row, column, vectorCount) }
      }
    }
  }

  /// Fills a row of the block; the lanes after the last number become zero.
  private mutating func widen(_ tensor: Tensor, from start: Int, _ length: Int, into row: Int) {
    let offset = row * Self.blockLength
    let padded = (length + Lanes.scalarCount - 1) / Lanes.scalarCount * Lanes.scalarCount
    let numbers = tensor.elements.span
    var wide = block.mutableSpan
    for index in 0..<length { wide[offset + index] = Double(numbers[start + index]) }
    for index in length..<padded { wide[offset + index] = 0 }
  }

  /// Adds the four products of rows `row`, `row + 1` with rows `column`, `column + 1`.
  private mutating func addTile(_ row: Int, _ column: Int, _ vectorCount: Int) {
    var tile = (Lanes.zero, Lanes.zero, Lanes.zero, Lanes.zero)
    let stride = Self.blockLength * MemoryLayout<Double>.stride
    // SAFETY: every load lies inside `block`, whose rows hold blockLength numbers each;
    // vectorCount vectors are at most that many, and row + 1 and column + 1 are below rowCount.
    unsafe block.withUnsafeBytes { bytes in
      for vector in 0..<vectorCount {
        let offset = vector * MemoryLayout<Lanes>.stride
        let a = unsafe bytes.loadUnaligned(fromByteOffset: row * stride + offset, as: Lanes.self)
        let b = unsafe bytes.loadUnaligned(
          fromByteOffset: (row + 1) * stride + offset,
          as: Lanes.self
        )
        let c = unsafe bytes.loadUnaligned(fromByteOffset: column * stride + offset, as: Lanes.self)
        let d = unsafe bytes.loadUnaligned(
          fromByteOffset: (column + 1) * stride + offset,
          as: Lanes.self
        )
        tile.0 += a * c
        tile.1 += a * d
        tile.2 += b * c
        tile.3 += b * d
      }
    }
    add(tile.0.sum(), row, column)
    add(tile.2.sum(), row + 1, column)
    // On the diagonal the tile holds one product twice.
    if row != column { add(tile.1.sum(), row, column + 1) }
    add(tile.3.sum(), row + 1, column + 1)
  }

  private mutating func add(_ product: Double, _ row: Int, _ column: Int) {
    guard row < layerCount, column < layerCount else { return }
    values[row * layerCount + column] += product
    if row != column { values[column * layerCount + row] += product }
  }
}
