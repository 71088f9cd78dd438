import DevFTFormats
import Foundation
import Testing

@Suite("Models in GGUF files that are not what they should be")
struct GGUFModelFileTests {
  /// A file with these sizes: width 4, two heads of 2, one key/value head, no layers but those
  /// announced.
  private var builder: GGUFBuilder {
    var builder = GGUFBuilder()
    builder.pairs = [
      ("general.architecture", 8, GGUFBuilder.bytes("llama")), number("embedding_length", 4),
      number("attention.head_count", 2), number("attention.head_count_kv", 1),
      number("block_count", 1), number("feed_forward_length", 3), number("context_length", 9),
    ]
    add("token_embd.weight", [4, 5], to: &builder)
    add("output_norm.weight", [4], to: &builder)
    add("blk.0.attn_norm.weight", [4], to: &builder)
    add("blk.0.ffn_norm.weight", [4], to: &builder)
    add("blk.0.attn_q.weight", [4, 4], to: &builder)
    add("blk.0.attn_k.weight", [4, 2], to: &builder)
    add("blk.0.attn_v.weight", [4, 2], to: &builder)
    add("blk.0.attn_output.weight", [4, 4], to: &builder)
    add("blk.0.ffn_gate.weight", [4, 3], to: &builder)
    add("blk.0.ffn_up.weight", [4, 3], to: &builder)
    add("blk.0.ffn_down.weight", [3, 4], to: &builder)
    return builder
  }

  private func number(_ key: String, _ value: UInt32) -> (String, UInt32, [UInt8]) {
    ("llama.\(key)", 4, GGUFBuilder.bytes(value))
  }

  private func real(_ key: String, _ value: Float) -> (String, UInt32, [UInt8]) {
    ("llama.\(key)", 6, GGUFBuilder.bytes(value.bitPattern))
  }

  private func add(_ name: String, _ dimensions: [UInt64], to builder: inout GGUFBuilder) {
    let offset = UInt64(builder.tensorData.count)
    builder.tensors.append(.init(name: name, dimensions: dimensions, type: 0, offset: offset))
    let byteCount = Int(dimensions.reduce(4, *))
    builder.tensorData += Array(repeating: 0, count: (byteCount + 31) / 32 * 32)
  }

  private func open(_ change: (inout GGUFBuilder) -> Void = { _ in }) throws -> GGUFModelFile {
    var changed = builder
    change(&changed)
    return try GGUFModelFile(GGUFFile(contents: changed.contents), path: "m.gguf")
  }

  private func refusal(_ change: (inout GGUFBuilder) -> Void) throws -> FormatError {
    try FormatsFixture.error { try open(change) }
  }

  @Test("absent keys have their defaults")
  func defaults() throws {
    let architecture = try open().architecture
    #expect(architecture.headWidth == 2 && architecture.vocabularySize == 5)
    #expect(architecture.ropeBase == 10000 && architecture.normEpsilon == 1e-5)
    #expect(architecture.tiesEmbeddings && architecture.ropeScaling == nil)
    #expect(!architecture.hasAttentionBias)
  }

  @Test("linear rotary scaling is read, other kinds are refused")
  func ropeScaling() throws {
    let type = ("llama.rope.scaling.type", UInt32(8), GGUFBuilder.bytes("linear"))
    let linear = try open { $0.pairs += [type, real("rope.scaling.factor", 4)] }
    #expect(linear.architecture.ropeScaling == .linear(factor: 4))
    let yarn = ("llama.rope.scaling.type", UInt32(8), GGUFBuilder.bytes("yarn"))
    let error = try refusal { $0.pairs.append(yarn) }
    #expect(error.code == .unsupported && error.message.contains("yarn"))
  }

  @Test("features that are not supported are named with key and value")
  func unsupported() throws {
    let experts = try refusal { $0.pairs.append(number("expert_count", 8)) }
    #expect(experts.message.contains("llama.expert_count is 8") && experts.code == .unsupported)
    let window = try refusal { $0.pairs.append(number("attention.sliding_window", 8)) }
    #expect(window.message.contains("sliding_window is 8"))
    _ = try open { $0.pairs.append(number("attention.sliding_window", 9)) }
    #expect(try refusal { $0.pairs.append(number("rope.dimension_count", 1)) }.code == .unsupported)
    let list = GGUFBuilder.bytes(UInt32(4)) + GGUFBuilder.bytes(UInt64(0))
    #expect(
      try refusal { $0.pairs[2] = ("llama.attention.head_count", 9, list) }.code == .unsupported
    )
    let other = try refusal { $0.pairs[0].value = GGUFBuilder.bytes("gemma") }
    #expect(other.message.contains("gemma"))
    let split = ("split.count", UInt32(2), GGUFBuilder.bytes(UInt16(2)))
    #expect(try refusal { $0.pairs.append(split) }.code == .unsupported)
  }

  @Test("a tensor that is missing, misshapen or not known is named")
  func tensors() throws {
    let missing = try refusal { $0.tensors[4].name = "blk.0.attn_x.weight" }
    #expect(missing.code == .missing && missing.message.contains("blk.0.attn_q.weight"))
    let shape = try refusal { $0.tensors[8].dimensions = [3, 4] }
    #expect(shape.message == "tensor blk.0.ffn_gate.weight has the shape [4, 3], expected [3, 4]")
    let bias = try refusal { add("blk.0.attn_output.bias", [4], to: &$0) }
    #expect(bias.code == .unsupported && bias.message.contains("attn_output.bias"))
    let norm = try refusal { add("blk.0.attn_q_norm.weight", [2], to: &$0) }
    #expect(norm.code == .unsupported)
    let factors = try refusal { add("rope_freqs.weight", [2], to: &$0) }
    #expect(factors.message.contains("rope_freqs.weight"))
    let zero = try refusal { add("rope_freqs.weight", [1], to: &$0) }
    #expect(zero.code == .malformed)
  }

  @Test("sizes that make no sense are refused")
  func sizes() throws {
    for index in 1...6 where index != 4 {
      #expect(
        try refusal { $0.pairs[index].value = GGUFBuilder.bytes(UInt32(0)) }.code == .malformed
      )
    }
    for index in 1...6 {
      #expect(throws: FormatError.self) { try open { $0.pairs[index].type = 6 } }
    }
    #expect(try refusal { $0.pairs[4].value = GGUFBuilder.bytes(UInt32.max) }.code == .malformed)
    let layers = try refusal { $0.pairs[4].value = GGUFBuilder.bytes(UInt32(Int32.max)) }
    #expect(layers.code == .missing && layers.message.contains("blk.1."))
    #expect(try refusal { $0.pairs.remove(at: 4) }.message == "llama.block_count is missing")
    #expect(try refusal { $0.pairs[3].value = GGUFBuilder.bytes(UInt32(3)) }.code == .malformed)
    #expect(try refusal { $0.pairs.append(number("attention.key_length", 3)) }.code == .malformed)
    #expect(try refusal { $0.pairs.append(real("rope.freq_base", .nan)) }.code == .malformed)
  }
}
