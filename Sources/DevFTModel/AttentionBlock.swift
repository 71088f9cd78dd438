import DevFTFormats
import DevFTTensor

/// The attention half of a layer: `x + o(attention(q(n), k(n), v(n)))` with `n = norm(x)`.
struct AttentionBlock: Sendable {
  let norm: BlockNorm
  let q, k, v, o: LinearLayer

  /// What stands between input and output.
  struct Activations {
    /// Normalised input, `[N, D]`.
    let normalised: Matrix
    /// Rotated queries `[N, H·K]`, rotated keys and values `[N, G·K]`.
    let q, k, v: Tensor
    /// What attention returned, `[N, H·K]`.
    let attended: Matrix
    /// `scale · x Aᵀ` of each adapted projection, `[N, R]`.
    let hidden: [Projection: Matrix]
  }

  /// Computes what stands between input and output.
  ///
  /// - Parameters:
  ///   - input: Residual stream, `[N, D]`.
  ///   - adapter: The layer's pairs.
  ///   - rotate: Rotates queries or keys by the rows' positions, in place.
  ///   - attend: Attention over rotated queries and keys, and values.
  /// - Returns: The activations.
  func activations(
    of input: Tensor,
    adapter: [Projection: LoRAOperands],
    rotate: (inout Tensor) -> Void,
    attend: (_ q: Tensor, _ k: Tensor, _ v: Tensor) -> Tensor
  ) -> Activations {
    let normalised = norm(input)
    var hidden: [Projection: Matrix] = [:]
    func apply(_ layer: LinearLayer) -> Tensor {
      hidden[layer.projection] = layer.hidden(normalised, adapter: adapter)
      return layer.forward(normalised, hidden: hidden[layer.projection], adapter: adapter)
    }
    var queries = apply(q)
    var keys = apply(k)
    let values = apply(v)
    rotate(&queries)
    rotate(&keys)
    let attended = Matrix(attend(queries, keys, values), precision: norm.precision)
    hidden[.o] = o.hidden(attended, adapter: adapter)
    return Activations(
      normalised: normalised,
      q: queries,
      k: keys,
      v: values,
      attended: attended,
      hidden: hidden
    )
  }

  /// The residual stream after the block, `[N, D]`.
  func output(
    _ input: Tensor,
    _ activations: Activations,
    adapter: [Projection: LoRAOperands]
  ) -> Tensor {
    var output = o.forward(
      activations.attended,
      hidden: activations.hidden[.o],
      adapter: adapter
    )
    output.add(input)
    return output
  }

  /// Propagates the gradient of the residual stream through the block.
  ///
  /// - Parameters:
  ///   - stream: Gradient of the block's output, `[N, D]`; becomes that of its input.
  ///   - input: The block's input, `[N, D]`.
  ///   - activations: What stood between.
  ///   - context: Positions and sequences.
  ///   - adapter: The layer's pairs.
  ///   - gradients: Gradients of the layer's adapter; those of this block are set.
  func backward(
    _ stream: inout Tensor,
    input: Tensor,
    activations: Activations,
    context: AttentionContext,
    adapter: [Projection: LoRAOperands],
    gradients: inout NamedTensors
  ) {
    var attendedGradient = Tensor(uninitialisedShape: activations.q.shape)
    o.backward(
      Matrix(stream, precision: norm.precision),
      input: activations.attended,
      hidden: activations.hidden[.o],
      adapter: adapter,
      gradients: &gradients,
      inputGradient: &attendedGradient
    )
    let heads = context.gradient(
      attendedGradient,
      q: activations.q,
      k: activations.k,
      v: activations.v
    )
    var normGradient = Tensor(uninitialisedShape: stream.shape)
    for (layer, gradient) in [(q, heads.q), (k, heads.k), (v, heads.v)] {
      layer.backward(
        Matrix(gradient, precision: norm.precision),
        input: activations.normalised,
        hidden: activations.hidden[layer.projection],
        adapter: adapter,
        gradients: &gradients,
        inputGradient: &normGradient,
        accumulates: layer.projection != .q
      )
    }
    norm.addGradient(normGradient, input: input, to: &stream)
  }
}
