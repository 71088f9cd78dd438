import DevFTFormats
import DevFTTensor

/// Frozen linear maps of one input, computed as one, each corrected by an optional adapter.
///
/// `y_i = x W_iᵀ + b_i + scale · (x A_iᵀ) B_iᵀ`, the `y_i` side by side in a row; only the A and B have
/// gradients.
struct LinearGroup: Sendable {
  /// Weights `W_i` below one another, `[Σ out, in]`.
  let weight: Matrix
  /// Biases `b_i` one after the other, `[Σ out]`, or `nil` when no map has one.
  let bias: Tensor?
  /// Columns of each map's result.
  let columns: [Projection: Range<Int>]

  /// Takes the maps of a site.
  ///
  /// - Parameters:
  ///   - site: Which maps.
  ///   - matrices: Weights `[out, in]` of each projection.
  ///   - vectors: Biases, if any.
  /// - Precondition: No matrix is missing, but that of the gate may, which an encoder has not.
  init(_ site: LinearSite, matrices: [Projection: Matrix], vectors: NamedTensors) {
    var parts: [Matrix] = []
    var (columns, biases): ([Projection: Range<Int>], [Float]) = ([:], [])
    var isBiased = false
    for projection in site.projections {
      guard let part = matrices[projection] else {
        if projection == .gate { continue }
        preconditionFailure("the layer has no \(projection.weightName)")
      }
      columns[projection] = biases.count..<biases.count + part.rows
      isBiased = isBiased || vectors[projection.biasName] != nil
      biases += vectors[projection.biasName]?.elements ?? Array(repeating: 0, count: part.rows)
      parts.append(part)
    }
    weight = Matrix(stacking: parts)
    bias = isBiased ? Tensor(shape: [biases.count], elements: biases) : nil
    self.columns = columns
  }

  /// The adapter's narrow activations.
  ///
  /// - Parameters:
  ///   - input: `x`, `[N, in]`.
  ///   - adapter: The pairs of the site, if any.
  /// - Returns: `scale · x A_iᵀ` side by side, `[N, Σ R]`; `nil` without an adapter.
  func hidden(_ input: Matrix, adapter: LoRAOperands?) -> Matrix? {
    adapter.map { .product(input, $0.scaledLoraA, transposingRight: true) }
  }

  /// Applies the maps.
  ///
  /// - Parameters:
  ///   - input: `x`, `[N, in]`.
  ///   - hidden: The adapter's narrow activations of `input`.
  ///   - adapter: The pairs of the site, if any.
  /// - Returns: `y`, `[N, Σ out]`.
  func forward(_ input: Matrix, hidden: Matrix?, adapter: LoRAOperands?) -> Tensor {
    let share = share(of: adapter, hidden: hidden)
    var output = Tensor.product(input, weight, transposingRight: true, plus: share)
    if let bias { output.addToRows(bias) }
    return output
  }

  /// Applies the maps where the result is an operand of further products.
  ///
  /// - Parameters:
  ///   - input: `x`, `[N, in]`.
  ///   - hidden: The adapter's narrow activations of `input`.
  ///   - adapter: The pairs of the site, if any.
  /// - Returns: `y`, `[N, Σ out]`, in the input's precision.
  func forwardRounded(_ input: Matrix, hidden: Matrix?, adapter: LoRAOperands?) -> Matrix {
    guard bias == nil else {
      return Matrix(
        forward(input, hidden: hidden, adapter: adapter),
        precision: input.precision
      )
    }
    let share = share(of: adapter, hidden: hidden)
    return .product(input, weight, transposingRight: true, plus: share)
  }

  /// Applies the maps and adds the result to a stream.
  ///
  /// - Parameters:
  ///   - input: `x`, `[N, in]`.
  ///   - hidden: The adapter's narrow activations of `input`.
  ///   - adapter: The pairs of the site, if any.
  ///   - stream: `[N, Σ out]`; `y` is added.
  func add(_ input: Matrix, hidden: Matrix?, adapter: LoRAOperands?, to stream: inout Tensor) {
    let share = share(of: adapter, hidden: hidden)
    stream.setProduct(
      input,
      weight,
      transposingRight: true,
      accumulates: true,
      plus: share
    )
    if let bias { stream.addToRows(bias) }
  }

  private func share(of adapter: LoRAOperands?, hidden: Matrix?) -> [ProductTerm] {
    guard let adapter, let hidden else { return [] }
    return adapter.pairs.map { pair in
      ProductTerm(
        MatrixColumns(hidden, pair.ranks),
        pair.loraB,
        firstColumn: columns[pair.projection]?.lowerBound ?? 0
      )
    }
  }
}
