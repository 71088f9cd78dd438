import DevFTTensor
import Foundation
import Testing
import _DevFTTestSupport

@testable import DevFTFormats

@Suite("A model written as GGUF")
struct GGUFModelWriterTests {
  @Test("from a Hugging Face directory: tensors, sizes, tokenizer and template come back")
  func fromHuggingFace() throws {
    let model = try ExportFixture.model()
    try ExportFixture.throughGGUF(model, of: model) { file in
      #expect(try ExportFixture.difference(model, file) == nil)
      var architecture = file.architecture
      architecture.normEpsilon = model.architecture.normEpsilon  // float32 in the file
      #expect(architecture == model.architecture)
      let own = try Tokenizer(directory: TinyChat.model)
      let carried = try Tokenizer(file.tokenizerSource, path: file.path)
      for text in try TokenizerFixtures.texts() {
        try #require(carried.encode(text) == own.encode(text), "\(text.debugDescription)")
      }
      #expect(carried.bosID == own.bosID && carried.eosID == own.eosID)
      #expect(carried.padID == own.padID && carried.addsBOS == own.addsBOS)
      #expect(carried.isSpecial(2) && !carried.isSpecial(40))
      #expect(
        try ChatTemplate.recognise(in: file.tokenizerSource)
          == ChatTemplate.recognise(in: model.tokenizerSource)
      )
    }
  }

  @Test("from a GGUF file: metadata are carried over byte for byte", arguments: ["llama", "qwen2"])
  func fromGGUF(family: String) throws {
    let source = try GGUFModelFile(path: FormatsFixture.path("\(family).gguf"))
    try ExportFixture.throughGGUF(source, of: source) { file in
      let difference = try ExportFixture.difference(source, file)
      #expect(difference == nil)
      #expect(file.architecture == source.architecture)
      let fields = Dictionary(uniqueKeysWithValues: file.fields.map { ($0.key, $0.bytes) })
      for field in source.fields { #expect(fields[field.key] == field.bytes, "\(field.key)") }
    }
  }

  @Test("biases and rotary divisors of a Hugging Face model are where the other program puts them")
  func sameTensorsAsReference() throws {
    for family in ["llama", "qwen2"] {
      let reference = try GGUFModelFile(path: FormatsFixture.path("\(family).gguf"))
      let model = try openModelFile(at: FormatsFixture.path("\(family)-hf"))
      // Metadata from the GGUF file: these directories have no tokenizer.
      try ExportFixture.throughGGUF(model, of: reference) { file in
        let written = try GGUFFile(path: file.path)
        let expected = try GGUFFile(path: reference.path)
        #expect(Set(written.tensorNames) == Set(expected.tensorNames))
        for name in expected.tensorNames {
          let (one, other) = try (written.tensor(named: name), expected.tensor(named: name))
          #expect(one.shape == other.shape)
          for (one, other) in zip(one.elements, other.elements) {
            try #require(abs(one - other) <= 1e-5 * abs(other), "\(name)")
          }
        }
      }
    }
  }

  @Test(
    "matrices are rounded as gguf does it, norms are kept, narrow rows become F16",
    arguments: StorageType.written
  )
  func types(type: StorageType) throws {
    let model = try ExportFixture.model()
    try ExportFixture.throughGGUF(model, of: model, type: type) { file in
      let stored = try GGUFFile(path: file.path)
      let isFourBit = type == .q4_0 || type == .q4_1
      #expect(stored.tensorInfo("blk.0.ffn_down.weight")?.type == type)
      #expect(stored.tensorInfo("token_embd.weight")?.type == (isFourBit ? .q8_0 : type))
      #expect(stored.tensorInfo("blk.5.attn_norm.weight")?.type == .f32)
      #expect(stored.tensorNames.count == model.architecture.orderedTensorShapes.count)
      let name = ModelTensorName.inLayer(3, "mlp.up_proj.weight")
      let place = try #require(stored.tensorInfo("blk.3.ffn_up.weight"))
      let bytes = try Data(contentsOf: URL(fileURLWithPath: file.path))
      #expect(
        Array(bytes[place.byteOffset..<place.byteOffset + place.byteCount])
          == type.encode(try model.tensor(name).elements)
      )
    }
    let narrow = try GGUFModelFile(path: FormatsFixture.path("llama.gguf"))
    try ExportFixture.throughGGUF(narrow, of: narrow, type: type) { file in
      let found = try GGUFFile(path: file.path).tensorInfo("blk.0.attn_q.weight")?.type
      #expect(found == (type.blockLength == 32 ? .f16 : type))
    }
  }

  @Test("a number that is none, or too large, is refused by its tensor's name, nothing stays")
  func refusesNumbers() throws {
    struct Broken: ModelWeights {
      let base: any ModelWeights
      let number: Float
      var architecture: ModelArchitecture { base.architecture }
      func tensor(_ name: String) throws -> Tensor { broken(try base.tensor(name), name) }
      func rows(_ rows: Range<Int>, of name: String) throws -> Tensor {
        broken(try base.rows(rows, of: name), name)
      }
      private func broken(_ tensor: Tensor, _ name: String) -> Tensor {
        var tensor = tensor
        if name.contains("layers.1.mlp.up") { tensor.elements[5] = number }
        return tensor
      }
    }
    let model = try ExportFixture.model()
    for (number, words) in [(Float.nan, "NaN or infinite"), (1e6, "too large for F16")] {
      try FormatsFixture.withDirectory { directory in
        let writer = GGUFModelWriter(Broken(base: model, number: number), of: model, type: .f16)
        let error = try FormatsFixture.error {
          try writer.write(to: "\(directory)/model.gguf") { _ in }
        }
        #expect(error.message.contains("model.layers.1.mlp.up_proj.weight"))
        #expect(error.message.contains(words))
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory).isEmpty)
      }
    }
  }

  @Test("an adapter has llama.cpp's names and shapes, its query and key rows interleaved")
  func adapter() throws {
    let adapter = try ExportFixture.adapter()
    let model = try ExportFixture.model()
    try FormatsFixture.withDirectory { directory in
      let path = "\(directory)/adapter.gguf"
      try LoRAGGUFWriter.write(adapter, for: model.architecture, type: .f32, to: path)
      let file = try GGUFFile(path: path)
      #expect(file.metadata["general.type"] == .text("adapter"))
      #expect(file.metadata["adapter.type"] == .text("lora"))
      let alpha = adapter.configuration.scale * Double(adapter.configuration.rank)
      #expect(file.metadata["adapter.lora.alpha"] == .real(alpha))
      #expect(
        file.tensorNames.count == 2 * adapter.layers.count * adapter.configuration.targets.count
      )
      for projection in adapter.configuration.targets {
        let fileName = GGUFModelFile.fileName(
          of: ModelTensorName.inLayer(2, projection.weightName)
        )
        #expect(
          try file.tensor(named: "\(fileName).lora_a") == adapter.layers[2][projection.loraAName]
        )
        let up = try #require(adapter.layers[2][projection.loraBName])
        let found = try file.tensor(named: "\(fileName).lora_b")
        guard projection == .q || projection == .k else {
          #expect(found == up)
          continue
        }
        // Row i of half j of a head of 8 is row 2i + j.
        for (head, half, row) in [(0, 0, 3), (0, 1, 0), (1, 1, 2)] {
          let from = up.rows(head * 8 + half * 4 + row..<head * 8 + half * 4 + row + 1)
          let to = head * 8 + 2 * row + half
          #expect(found.rows(to..<to + 1) == from)
        }
      }
    }
  }
}
