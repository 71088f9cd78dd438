import ArgumentParser
import DevFTFormats
import DevFTModel
import DevFTRuntime
import DevFTTensor
import Foundation

/// Answers to a prompt, or a conversation.
struct GenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Answer a prompt, or hold a conversation (chat)."
  )

  @OptionGroup var options: ModelOptions

  @Option(help: "Directory of a PEFT adapter.")
  var adapter: String?

  @Option(help: "What the user says.")
  var prompt: String?

  @Argument(help: "The word chat: read turns from standard input.")
  var mode: Mode?

  @Option(help: "Most tokens of an answer.")
  var maxTokens = 256

  @Option(
    help: "Sample among the likeliest tokens with this probability together; greedy without it."
  )
  var topP: Double?

  @Option(help: "Temperature of the sampling.")
  var temperature = 1.0

  @Option(help: "Seed of the sampling.")
  var seed: UInt64 = 7

  /// The one word that may follow.
  enum Mode: String, ExpressibleByArgument { case chat }

  func validate() throws {
    guard (prompt == nil) != (mode == nil) else {
      throw ValidationError("expected either --prompt or the word chat")
    }
    guard maxTokens >= 1, temperature > 0, topP.map({ $0 > 0 && $0 <= 1 }) ?? true else {
      throw ValidationError(
        "--max-tokens: at least 1; --temperature: above 0; --top-p: above 0 and at most 1"
      )
    }
  }

  func run() throws {
    let model = try options.load()
    let length = min(model.file.architecture.contextLength, 8192)
    let decoder = try model.decoder(precision: options.precision, maximumLength: length)
    let operands = try model.operands(adapter: adapter, for: decoder)
    var generator = Generator(
      decoder: decoder,
      adapter: operands,
      stopTokens: model.stopTokens,
      sampling: sampling
    )
    var messages: [ChatMessage] = []
    if let prompt { return try answer(prompt, &messages, model, &generator, room: length) }
    while let line = prompted() { try answer(line, &messages, model, &generator, room: length) }
  }

  private func prompted() -> String? {
    FileHandle.standardError.write(Data("> ".utf8))
    return readLine()
  }

  private func answer(
    _ text: String,
    _ messages: inout [ChatMessage],
    _ model: LoadedModel,
    _ generator: inout Generator,
    room length: Int
  ) throws {
    messages.append(ChatMessage(.user, text))
    let tokens = try model.promptTokens(of: messages)
    guard tokens.count < length else {
      throw RunError(
        .unsupported,
        "expected a conversation of at most \(length - 1) tokens, it has \(tokens.count)"
      )
    }
    var text = StreamingDecoder(model.tokenizer, skippingSpecialTokens: true)
    let room = min(maxTokens, length - tokens.count)
    let ids = generator.continuations(of: [tokens], maximumTokens: room) { _, id in
      show(text.append(Int(id)))
    }[0]
    show(text.finish() + "\n")
    let answer = model.tokenizer.decode(ids.map(Int.init), skippingSpecialTokens: true)
    messages.append(ChatMessage(.assistant, answer))
  }

  private func show(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

  private var sampling: Sampling {
    guard let topP else { return .greedy }
    return .topP(
      probability: topP,
      temperature: temperature,
      stream: RandomStream(seed: seed, purpose: "sampling")
    )
  }
}
