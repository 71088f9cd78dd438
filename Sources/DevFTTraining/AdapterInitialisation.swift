public import DevFTFormats
public import DevFTTensor

/// A fresh adapter: A random, B zero, so that it changes nothing yet.
///
/// `A ~ U(−1/√in, 1/√in)` (Kaiming, a = √5), as PEFT draws it; the numbers differ from PEFT's.
///
/// - Parameters:
///   - configuration: Rank and targets.
///   - architecture: Geometry of the model.
///   - layerCount: Layers of the adapter.
///   - seed: Seed of the run; each pair has a stream of its own.
/// - Returns: One set a layer, under the names `self_attn.q_proj.lora_A.weight`, `[R, in]`, and
///   `self_attn.q_proj.lora_B.weight`, `[out, R]`.
public func makeAdapter(
  _ configuration: LoRAConfiguration,
  architecture: ModelArchitecture,
  layerCount: Int,
  seed: UInt64
) -> [NamedTensors] {
  (0..<layerCount).map { layer in
    var tensors = NamedTensors()
    for projection in configuration.targets {
      let input = projection.inputWidth(in: architecture)
      let output = projection.outputWidth(in: architecture)
      var stream = RandomStream(
        seed: seed,
        purpose: "adapter layer \(layer) \(projection.moduleName)"
      )
      let bound = 1 / Double(input).squareRoot()
      let numbers = (0..<configuration.rank * input).map { _ in
        Float(bound * (2 * stream.nextUniform() - 1))
      }
      tensors[projection.loraAName] = Tensor(
        shape: [configuration.rank, input],
        elements: numbers
      )
      tensors[projection.loraBName] = Tensor(shape: [output, configuration.rank])
    }
    return tensors
  }
}
