import DevFTTensor
import Foundation
import Testing
import _DevFTTestSupport

@testable import DevFTFormats

@Suite("A model written as a Hugging Face directory")
struct HuggingFaceWriterTests {
  @Test("from a directory: everything comes back, in one file or in several")
  func shards() throws {
    let model = try ExportFixture.model()
    for shardByteCount in [5_000_000_000, 60_000] {
      try ExportFixture.throughHuggingFace(model, of: model, shardByteCount: shardByteCount) {
        file in
        #expect(try ExportFixture.difference(model, file) == nil)
        #expect(file.architecture == model.architecture)
        let names = try FileManager.default.contentsOfDirectory(atPath: file.path)
        let shards = names.filter { $0.hasSuffix(".safetensors") }
        #expect((shards.count > 1) == (shardByteCount < 100_000))
        #expect(names.contains("model.safetensors.index.json") == (shards.count > 1))
        for name in shards where shards.count > 1 {
          let path = "\(file.path)/\(name)"
          let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
          #expect(try #require(size) < shardByteCount + 4096)
        }
        let name = "tokenizer.json"
        #expect(
          FileManager.default.contentsEqual(
            atPath: "\(file.path)/\(name)",
            andPath: "\(TinyChat.model)/\(name)"
          )
        )
      }
    }
  }

  @Test("from GGUF and back: configuration, tokenizer, special tokens and template are made again")
  func fromGGUF() throws {
    let model = try ExportFixture.model()
    try ExportFixture.throughGGUF(model, of: model) { gguf in
      try ExportFixture.throughHuggingFace(gguf, of: gguf) { file in
        #expect(try ExportFixture.difference(model, file) == nil)
        #expect(file.architecture == model.architecture)
        let own = try Tokenizer(directory: TinyChat.model)
        let made = try Tokenizer(file.tokenizerSource)
        for text in try TokenizerFixtures.texts() {
          try #require(made.encode(text) == own.encode(text), "\(text.debugDescription)")
        }
        #expect(made.bosID == own.bosID && made.eosID == own.eosID && made.padID == own.padID)
        #expect(
          try ChatTemplate.recognise(in: file.tokenizerSource)
            == ChatTemplate.recognise(in: model.tokenizerSource)
        )
      }
    }
  }

  @Test("bf16 weights of a bf16 model are those of the model")
  func bfloat16() throws {
    let model = try ExportFixture.model()
    try ExportFixture.throughHuggingFace(model, of: model, type: .bf16) { file in
      #expect(try ExportFixture.difference(model, file) == nil)
      let stored = try SafetensorsFile(path: "\(file.path)/model.safetensors")
      #expect(stored.tensorInfo(ModelTensorName.embedding)?.type == .bf16)
    }
  }

  @Test("rotary divisors of a GGUF file become the rule of Llama 3 that made them")
  func rotaryRule() throws {
    let file = try GGUFModelFile(path: FormatsFixture.path("llama.gguf"))
    let model = try openModelFile(at: FormatsFixture.path("llama-hf")).architecture
    let expected = try #require(model.ropeScaling)
    let found = try #require(file.architecture.scalingOfFactors)
    // Three pairs leave the original context open; what counts are the frequencies.
    for frequency in model.plainFrequencies {
      #expect(abs(found.scaled(frequency) / expected.scaled(frequency) - 1) < 1e-3)
    }
    var strange = file.architecture
    strange.ropeFrequencyFactors = [1, 5, 2]
    #expect(strange.scalingOfFactors == nil)
  }
}
