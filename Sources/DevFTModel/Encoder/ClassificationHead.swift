import DevFTFormats
import DevFTTensor

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// The way from a sequence's first row to its class: `z = W₂ tanh(W₁ x + b₁) + b₂`.
///
/// `W₂` and `b₂` are trained, in RoBERTa `W₁` and `b₁` too; in BERT these are the frozen pooler. All of it
/// runs in float32: it is small, and the classes' logits decide.
struct ClassificationHead: Sendable {
  private let family: EncoderFamily
  /// The pooler, where it is frozen.
  private let frozen: NamedTensors

  /// Reads what is frozen of a head.
  ///
  /// - Parameters:
  ///   - file: The model.
  ///   - family: The family.
  /// - Throws: `FormatError` when a tensor cannot be read.
  init(_ file: any ModelFile, family: EncoderFamily) throws {
    self.family = family
    var frozen = NamedTensors()
    if !family.trainsHeadInner {
      for name in ["\(family.headInner).weight", "\(family.headInner).bias"] {
        frozen[name] = try file.tensor(name)
      }
    }
    self.frozen = frozen
  }

  /// Logits of the classes, and `tanh(W₁ x + b₁)`.
  ///
  /// - Parameters:
  ///   - rows: First row of each sequence, `[n, D]`.
  ///   - trained: The trained tensors.
  /// - Returns: `[n, labels]` and `[n, D]`.
  func logits(_ rows: Tensor, trained: NamedTensors) -> (logits: Tensor, inner: Tensor) {
    var inner = linear(family.headInner, of: rows, trained)
    for index in inner.elements.indices { inner.elements[index] = tanhf(inner.elements[index]) }
    return (linear(family.headOutput, of: inner, trained), inner)
  }

  /// Gradients of the trained tensors and of the rows.
  ///
  /// - Parameters:
  ///   - gradient: Gradient of the logits, `[n, labels]`.
  ///   - rows: As in `logits`.
  ///   - inner: What `logits` returned.
  ///   - trained: The trained tensors.
  /// - Returns: Gradients under the trained tensors' names, and that of `rows`.
  func gradients(
    _ gradient: Tensor,
    rows: Tensor,
    inner: Tensor,
    trained: NamedTensors
  ) -> (trained: NamedTensors, rows: Tensor) {
    var gradients = NamedTensors()
    setGradients(of: family.headOutput, gradient, input: inner, in: &gradients)
    var byInner = inputGradient(gradient, of: family.headOutput, trained)
    for index in byInner.elements.indices {
      byInner.elements[index] *= 1 - inner.elements[index] * inner.elements[index]
    }
    if family.trainsHeadInner {
      setGradients(of: family.headInner, byInner, input: rows, in: &gradients)
    }
    return (gradients, inputGradient(byInner, of: family.headInner, trained))
  }

  private func linear(_ name: String, of input: Tensor, _ trained: NamedTensors) -> Tensor {
    var output = Tensor.product(
      Matrix(input, precision: .float32),
      weight(name, trained),
      transposingRight: true
    )
    output.addToRows(tensor("\(name).bias", trained))
    return output
  }

  private func inputGradient(
    _ gradient: Tensor,
    of name: String,
    _ trained: NamedTensors
  ) -> Tensor {
    Tensor.product(
      Matrix(gradient, precision: .float32),
      weight(name, trained),
      transposingRight: false
    )
  }

  private func setGradients(
    of name: String,
    _ gradient: Tensor,
    input: Tensor,
    in gradients: inout NamedTensors
  ) {
    gradients["\(name).weight"] = Tensor.product(
      Matrix(gradient, precision: .float32).transposed(),
      Matrix(input, precision: .float32),
      transposingRight: false
    )
    gradients["\(name).bias"] = gradient.sumOfRows()
  }

  private func weight(_ name: String, _ trained: NamedTensors) -> Matrix {
    Matrix(tensor("\(name).weight", trained), precision: .float32)
  }

  private func tensor(_ name: String, _ trained: NamedTensors) -> Tensor {
    guard let tensor = trained[name] ?? frozen[name] else {
      preconditionFailure("the head has no \(name)")
    }
    return tensor
  }
}

extension Tensor {
  /// Sum of all rows, `[D]`.
  fileprivate func sumOfRows() -> Tensor {
    var sums = Array(repeating: 0.0, count: columnCount)
    for (index, number) in elements.enumerated() { sums[index % columnCount] += Double(number) }
    return Tensor(shape: [columnCount], elements: sums.map { Float($0) })
  }
}
