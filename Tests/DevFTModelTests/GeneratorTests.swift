import DevFTModel
import DevFTTensor
import Testing
import _DevFTTestSupport

@Suite("Generation with cached keys and values")
struct GeneratorTests {
  @Test("greedy continuations equal those of transformers", arguments: GoldenCase.names)
  func greedy(name: String) throws {
    let golden = try GoldenCase(name)
    let decoder = try Decoder(golden.file, precision: .float32, maximumLength: 64)
    let operands = decoder.operands(golden.adapter, scale: golden.scale)
    var generator = Generator(decoder: decoder, adapter: operands, stopTokens: [])
    let answers = generator.continuations(
      of: [golden.prompt],
      maximumTokens: golden.continuation.count
    )
    #expect(answers == [golden.continuation])
  }

  @Test("several prompts at once give what each gives alone, and stop tokens end an answer")
  func together() throws {
    let golden = try GoldenCase("llama-gqa")
    let decoder = try Decoder(golden.file, precision: .float32, maximumLength: 64)
    let operands = decoder.operands(golden.adapter, scale: golden.scale)
    let prompts: [[Int32]] = [golden.prompt, [7, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9], [42]]
    let stop = golden.continuation[5]
    func answers(_ prompts: [[Int32]]) -> [[Int32]] {
      var generator = Generator(decoder: decoder, adapter: operands, stopTokens: [stop])
      return generator.continuations(of: prompts, maximumTokens: 12)
    }
    let together = answers(prompts)
    #expect(together == prompts.map { answers([$0])[0] })
    let first = golden.continuation.firstIndex(of: stop) ?? 0
    #expect(together[0] == Array(golden.continuation[..<first]))
  }

  @Test("a nucleus of nearly nothing is greedy; draws are reproducible and vary with the seed")
  func nucleus() throws {
    let golden = try GoldenCase("mha")
    let decoder = try Decoder(golden.file, precision: .float32, maximumLength: 64)
    let operands = decoder.operands(golden.adapter, scale: golden.scale)
    func answer(_ probability: Double, seed: UInt64) -> [Int32] {
      let stream = RandomStream(seed: seed, purpose: "sampling")
      var generator = Generator(
        decoder: decoder,
        adapter: operands,
        stopTokens: [],
        sampling: .topP(probability: probability, temperature: 1, stream: stream)
      )
      return generator.continuations(of: [golden.prompt], maximumTokens: 12)[0]
    }
    #expect(answer(1e-9, seed: 1) == golden.continuation)
    #expect(answer(1, seed: 1) == answer(1, seed: 1))
    #expect(Set((1...8).map { answer(1, seed: $0) }).count > 4)
  }

  @Test("prompts that begin alike share that, and answers that end make room for others")
  func sharing() throws {
    let golden = try GoldenCase("llama-gqa")
    let decoder = try Decoder(golden.file, precision: .float32, maximumLength: 96)
    let operands = decoder.operands(golden.adapter, scale: golden.scale)
    let head = (0..<40).map { Int32(($0 * 7) % 61) }
    let prompts = (0..<7).map { index in head + (0...index).map { Int32(($0 + 5 * index) % 61) } }
    func answers(_ prompts: [[Int32]], atOnce: Int) -> [[Int32]] {
      var generator = Generator(decoder: decoder, adapter: operands, stopTokens: [3])
      return generator.continuations(of: prompts, maximumTokens: 9, atOnce: atOnce)
    }
    let alone = prompts.map { answers([$0], atOnce: 1)[0] }
    for count in [1, 2, 3, 7, 20] { #expect(answers(prompts, atOnce: count) == alone) }
  }

  @Test("an answer ends where the caller says, and each prompt may have a sampling of its own")
  func completion() throws {
    let golden = try GoldenCase("mha")
    let decoder = try Decoder(golden.file, precision: .float32, maximumLength: 64)
    let operands = decoder.operands(golden.adapter, scale: golden.scale)
    var generator = Generator(decoder: decoder, adapter: operands, stopTokens: [])
    let answers = generator.continuations(
      of: [golden.prompt, golden.prompt],
      maximumTokens: golden.continuation.count,
      isComplete: { prompt, answer in prompt == 1 && answer.count == 3 }
    )
    #expect(answers[0] == golden.continuation)
    #expect(answers[1] == Array(golden.continuation[..<3]))
    let stream = RandomStream(seed: 5, purpose: "sampling")
    let drawn = Sampling.topP(probability: 1, temperature: 1, stream: stream)
    func mixed(_ samplings: [Sampling]) -> [[Int32]] {
      generator.continuations(
        of: samplings.map { _ in golden.prompt },
        maximumTokens: 8,
        samplings: samplings
      )
    }
    let three = mixed([.greedy, drawn, .greedy])
    #expect(three[0] == Array(golden.continuation.prefix(8)))
    #expect(three[2] == three[0])
    // A draw does not depend on what is written beside it.
    #expect(mixed([drawn])[0] == three[1])
  }
}
