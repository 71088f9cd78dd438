import DevFTTensor

extension HyperNetwork {
  /// A network of which every adapter changes nothing yet: B is zero, A random.
  ///
  /// Normal with deviation 1: embeddings, as PyTorch draws them; with 0.01: `U` and `V`, but A's `U` alone,
  /// since B must be zero. `W ~ U(−1/√C, 1/√C)`. Biases are zero. As rows of A's `H` have length 1, a number
  /// of A has a deviation of about `√(t / (R · in))`.
  ///
  /// - Parameters:
  ///   - adapter: A fresh adapter, for its names and shapes, and an encoder's head behind it if it has one.
  ///   - classCount: Classes `C`, at least 1.
  ///   - options: Widths `t` and `c`.
  ///   - seed: Seed of the run; each tensor has a stream of its own.
  /// - Returns: One set a layer, and the shared one.
  static func fresh(
    for adapter: [NamedTensors],
    classCount: Int,
    options: MethodOptions,
    seed: UInt64
  ) -> [NamedTensors] {
    let layers = adapter.filter { !AdapterPair.pairs(in: $0).isEmpty }
    var shared = adapter.count > layers.count ? adapter[layers.count] : NamedTensors()
    let (width, latent) = (options.conditionWidth, options.latentWidth)
    func normal(_ name: String, _ shape: [Int], deviation: Double) -> Tensor {
      var stream = RandomStream(seed: seed, purpose: name)
      let numbers = (0..<shape.reduce(1, *)).map { _ in Float(deviation * stream.nextNormal()) }
      return Tensor(shape: shape, elements: numbers)
    }
    for (module, factor, shape) in factors(of: layers[0]) {
      // Of A `[R, in]`, of B `[out, R]`.
      let (rank, side) = factor == .loraA ? (shape[0], shape[1]) : (shape[1], shape[0])
      let (u, v) = (
        HyperName.part("u", of: factor, module), HyperName.part("v", of: factor, module)
      )
      shared[u] = normal(u, [width * rank, latent], deviation: factor == .loraA ? 0.01 : 0)
      shared[v] = normal(v, [latent, side], deviation: 0.01)
      shared[HyperName.part("bias", of: factor, module)] = Tensor(shape: [rank * side])
    }
    var stream = RandomStream(seed: seed, purpose: HyperName.weight)
    let bound = 1 / Double(classCount).squareRoot()
    shared[HyperName.weight] = Tensor(
      shape: [width, classCount],
      elements: (0..<width * classCount).map { _ in Float(bound * (2 * stream.nextUniform() - 1)) }
    )
    shared[HyperName.bias] = Tensor(shape: [width])
    let embeddings = layers.indices.map { layer in
      let name = "\(HyperName.embedding) \(layer)"
      return NamedTensors([HyperName.embedding: normal(name, [width], deviation: 1)])
    }
    return embeddings + [shared]
  }

  private static func factors(
    of layer: NamedTensors
  ) -> [(AdapterPair, AdapterFactor, shape: [Int])] {
    AdapterPair.pairs(in: layer).flatMap { pair in
      [
        (pair, .loraA, layer[pair.loraA]?.shape ?? []),
        (pair, .loraB, layer[pair.loraB]?.shape ?? []),
      ]
    }
  }
}
