/// A two-dimensional operand of matrix products, in the precision of the product.
///
/// Frozen weights live in this form for a whole run; activations take it just before a product.
/// Row-major; a value.
public struct Matrix: Sendable {
  /// Where the numbers are.
  package enum Storage: Sendable {
    case float32([Float])
    case bfloat16([UInt16])
    /// Rounded row by row; only on the right of a product, whose left operand is bfloat16.
    case int8(Int8Rows)
    /// Expanded to a precision whenever they are multiplied; only on the right of a product.
    case stored(StoredStack, Precision)
  }

  /// Number of rows.
  public let rows: Int
  /// Number of columns; also the distance between rows.
  public let columns: Int
  package private(set) var storage: Storage

  package init(rows: Int, columns: Int, storage: Storage) {
    self.rows = rows
    self.columns = columns
    self.storage = storage
  }

  /// Takes a tensor's rows as a matrix.
  ///
  /// - Parameters:
  ///   - tensor: Numbers of shape `[…, columns]`; all axes but the last count as rows.
  ///   - precision: Type of the copy; bfloat16 rounds to nearest even.
  public init(_ tensor: Tensor, precision: Precision) {
    rows = tensor.rowCount
    columns = tensor.columnCount
    switch precision {
    case .float32: storage = .float32(tensor.elements)
    case .bfloat16: storage = .bfloat16(roundedToBFloat16(tensor.elements))
    case .int8: storage = .int8(Int8Rows(rounding: tensor))
    }
  }

  /// Takes rows that stay as a file keeps them.
  ///
  /// - Parameters:
  ///   - rows: The rows.
  ///   - precision: Type to which they are expanded in products.
  public init(_ rows: StoredRows, precision: Precision) {
    self.init(
      rows: rows.count,
      columns: rows.columns,
      storage: .stored(StoredStack([rows]), precision)
    )
  }

  /// Puts matrices of equally long rows below one another, so that one product serves them all.
  ///
  /// - Parameter parts: At least one, all of one precision. Stored ones stay stored when all are.
  public init(stacking parts: [Matrix]) {
    precondition(
      parts.allSatisfy { $0.columns == parts[0].columns && $0.precision == parts[0].precision },
      "rows of \(parts.map(\.columns)) numbers below one another"
    )
    guard parts.count > 1 else {
      self = parts[0]
      return
    }
    rows = parts.reduce(0) { $0 + $1.rows }
    columns = parts[0].columns
    storage = parts.dropFirst().map(\.storage).reduce(parts[0].storage) { $0.appending($1) }
  }

  /// Type of the numbers in products.
  public var precision: Precision {
    switch storage {
    case .float32: .float32
    case .bfloat16: .bfloat16
    case .int8: .int8
    case .stored(_, let precision): precision
    }
  }

  /// Bytes that the numbers take in memory, or in the mapped file that they stay in.
  public var byteCount: Int {
    switch storage {
    case .stored(let rows, _): rows.byteCount
    case .int8: rows * (columns + 4)
    case .float32, .bfloat16: rows * columns * precision.byteCount
    }
  }

  /// Neighbouring rows.
  ///
  /// - Parameter chosen: Rows, inside the matrix.
  /// - Returns: A matrix of the same precision.
  /// - Precondition: Numbers of float32 or bfloat16 in memory.
  public func rows(_ chosen: Range<Int>) -> Matrix {
    guard chosen != 0..<rows else { return self }
    let numbers = chosen.lowerBound * columns..<chosen.upperBound * columns
    let part: Storage
    switch storage {
    case .float32(let all): part = .float32(Array(all[numbers]))
    case .bfloat16(let all): part = .bfloat16(Array(all[numbers]))
    case .int8, .stored: preconditionFailure("rows of a frozen matrix")
    }
    return Matrix(rows: chosen.count, columns: columns, storage: part)
  }

  /// Chosen rows in float32.
  ///
  /// - Parameter indices: Row indices, each in `0 ..< rows`; repeats are allowed.
  /// - Returns: Numbers of shape `[indices.count, columns]`.
  public func gatheredRows(_ indices: [Int]) -> Tensor {
    var elements: [Float] = []
    elements.reserveCapacity(indices.count * columns)
    for index in indices {
      precondition((0..<rows).contains(index), "row \(index) is outside 0 ..< \(rows)")
      let range = index * columns..<(index + 1) * columns
      switch storage {
      case .float32(let numbers): elements += numbers[range]
      case .bfloat16(let numbers): elements += numbers[range].lazy.map(float32(fromBFloat16:))
      case .int8(let numbers): elements += numbers.row(index)
      case .stored(let numbers, _): elements += numbers.row(index)
      }
    }
    // A few rows of the next token are soon wanted again; those of a batch are not.
    if case .stored(let numbers, _) = storage, indices.count > 64 { numbers.releasePages() }
    return Tensor(shape: [indices.count, columns], elements: elements)
  }

  /// All numbers in float32.
  public var tensor: Tensor {
    switch storage {
    case .float32(let numbers): Tensor(shape: [rows, columns], elements: numbers)
    case .bfloat16(let numbers):
      Tensor(shape: [rows, columns], elements: widenedToFloat32(numbers))
    case .int8, .stored: gatheredRows(Array(0..<rows))
    }
  }
}

extension Matrix.Storage {
  /// These rows with others below.
  fileprivate func appending(_ other: Matrix.Storage) -> Matrix.Storage {
    switch (self, other) {
    case (.float32(let above), .float32(let below)): return .float32(above + below)
    case (.bfloat16(let above), .bfloat16(let below)): return .bfloat16(above + below)
    case (.int8(var rows), .int8(let below)):
      rows.append(below)
      return .int8(rows)
    case (.stored(let above, let precision), .stored(let below, _)):
      return .stored(above.stacked(on: below), precision)
    default: preconditionFailure("matrices kept in different ways below one another")
    }
  }
}

/// The exact float32 value of a bfloat16 number.
private func float32(fromBFloat16 bits: UInt16) -> Float {
  Float(bitPattern: UInt32(bits) << 16)
}
