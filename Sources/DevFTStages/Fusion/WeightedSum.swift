import DevFTTensor

/// A sum of weighted tensors of one shape, held in float64.
struct WeightedSum {
  private let shape: [Int]
  private var numbers: [Double]

  /// Starts with one weighted tensor.
  init(_ tensor: Tensor, weight: Double) {
    shape = tensor.shape
    numbers = tensor.elements.map { weight * Double($0) }
  }

  /// Adds a weighted tensor.
  mutating func add(_ tensor: Tensor, weight: Double) {
    precondition(tensor.shape == shape, "shape \(tensor.shape) added to \(shape)")
    let terms = tensor.elements.span
    var sums = numbers.mutableSpan
    for index in terms.indices { sums[index] += weight * Double(terms[index]) }
  }

  /// The sum, rounded to float32.
  func tensor() -> Tensor { Tensor(shape: shape, elements: numbers.map(Float.init)) }

  /// The sum scaled to the Frobenius norm of another tensor; a sum of zeros stays.
  func tensor(withNormOf other: Tensor) -> Tensor {
    let squares = numbers.reduce(0) { $0 + $1 * $1 }
    guard squares > 0 else { return tensor() }
    let wanted = other.elements.reduce(0) { $0 + Double($1) * Double($1) }
    let factor = (wanted / squares).squareRoot()
    return Tensor(shape: shape, elements: numbers.map { Float($0 * factor) })
  }
}
