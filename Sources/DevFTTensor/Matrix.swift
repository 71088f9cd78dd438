/// A two-dimensional operand of matrix products, in the precision of the product.
///
/// Frozen weights live in this form for a whole run; activations take it just before a product.
/// Row-major; a value.
public struct Matrix: Sendable {
  /// The numbers, in one of the two precisions.
  package enum Storage: Sendable {
    case float32([Float])
    case bfloat16([UInt16])
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
    }
  }

  /// Type of the numbers.
  public var precision: Precision {
    switch storage {
    case .float32: .float32
    case .bfloat16: .bfloat16
    }
  }

  /// Bytes that the numbers take.
  public var byteCount: Int { rows * columns * precision.byteCount }

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
      }
    }
    return Tensor(shape: [indices.count, columns], elements: elements)
  }

  /// A range of whole rows.
  ///
  /// - Parameter range: Rows, inside `0 ..< rows`.
  /// - Returns: A matrix of the same precision.
  public func rows(_ range: Range<Int>) -> Matrix {
    let places = range.lowerBound * columns..<range.upperBound * columns
    let part: Storage =
      switch storage {
      case .float32(let numbers): .float32(Array(numbers[places]))
      case .bfloat16(let numbers): .bfloat16(Array(numbers[places]))
      }
    return Matrix(rows: range.count, columns: columns, storage: part)
  }

  /// All numbers in float32.
  public var tensor: Tensor {
    switch storage {
    case .float32(let numbers): Tensor(shape: [rows, columns], elements: numbers)
    case .bfloat16(let numbers):
      Tensor(shape: [rows, columns], elements: numbers.map(float32(fromBFloat16:)))
    }
  }
}

/// The exact float32 value of a bfloat16 number.
private func float32(fromBFloat16 bits: UInt16) -> Float {
  Float(bitPattern: UInt32(bits) << 16)
}
