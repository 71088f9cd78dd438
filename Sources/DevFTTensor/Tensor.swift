/// A dense row-major array of float32 numbers with a shape.
///
/// A value: copies are independent. The last axis varies fastest, so a matrix of shape `[M, N]`
/// keeps row `m` at `elements[m * N ..< (m + 1) * N]`.
///
/// ```swift
/// let identity = Tensor(shape: [2, 2], elements: [1, 0, 0, 1])
/// ```
public struct Tensor: Equatable, Sendable {
  /// Length of each axis, outermost first.
  public private(set) var shape: [Int]
  /// The numbers, row-major; `count` of them.
  public var elements: [Float]

  /// Wraps numbers that already lie in row-major order.
  ///
  /// - Parameters:
  ///   - shape: Length of each axis, each at least 0.
  ///   - elements: As many numbers as the product of `shape`.
  /// - Precondition: The counts agree.
  public init(shape: [Int], elements: [Float]) {
    precondition(
      shape.reduce(1, *) == elements.count,
      "shape \(shape) does not hold \(elements.count) elements"
    )
    self.shape = shape
    self.elements = elements
  }

  /// Creates a tensor that holds one number everywhere.
  ///
  /// - Parameters:
  ///   - value: The number.
  ///   - shape: Length of each axis.
  public init(repeating value: Float = 0, shape: [Int]) {
    self.init(shape: shape, elements: Array(repeating: value, count: shape.reduce(1, *)))
  }

  /// Creates a tensor whose numbers are overwritten before they are read.
  ///
  /// - Parameter shape: Length of each axis.
  package init(uninitialisedShape shape: [Int]) {
    let count = shape.reduce(1, *)
    self.shape = shape
    // SAFETY: float32 has no invalid bit pattern, and the caller overwrites every number.
    self.elements = unsafe [Float](unsafeUninitializedCapacity: count) { _, initialised in
      initialised = count
    }
  }

  /// Number of elements: the product of the shape.
  public var count: Int { elements.count }

  /// Length of the last axis; 1 for a scalar.
  public var columnCount: Int { shape.last ?? 1 }

  /// Number of rows when all axes but the last are taken as one.
  public var rowCount: Int { columnCount == 0 ? 0 : count / columnCount }

  /// Whether no number is NaN or infinite.
  public var isFinite: Bool {
    let exponent: UInt32 = 0x7f80_0000
    var special: UInt32 = 0
    // Without an early end the loop vectorises.
    for number in elements { special |= number.bitPattern & exponent == exponent ? 1 : 0 }
    return special == 0
  }

  /// The same numbers under another shape.
  ///
  /// - Parameter newShape: Axes with the same product.
  /// - Returns: A tensor that shares the numbers.
  /// - Precondition: The counts agree.
  public func reshaped(to newShape: [Int]) -> Tensor {
    Tensor(shape: newShape, elements: elements)
  }
}
