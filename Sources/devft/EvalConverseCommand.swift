import ArgumentParser
import DevFTEvaluation
import DevFTFormats
import DevFTRuntime
import Foundation

/// Answers for judges.
struct EvalConverseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "converse",
    abstract: "Answer the questions of MT-Bench or Vicuna-Bench, in FastChat's format."
  )

  @OptionGroup var options: ModelOptions

  @Option(help: "Directory of a PEFT adapter.")
  var adapter: String?

  @Option(help: "FastChat's question.jsonl.")
  var questions: String

  @Option(help: "What the model is called in the answers; the name of its file without it.")
  var name: String?

  @Option(help: "First questions only.")
  var limit: Int?

  @Option(help: "Most tokens of an answer.")
  var maxTokens = 1024

  @Flag(help: "Greedy answers instead of FastChat's temperatures by category.")
  var greedy = false

  @Option(help: "Seed of the sampling.")
  var seed: UInt64 = 7

  @Option(help: "File for the answers; questions that it answers already are left out.")
  var out: String

  func validate() throws {
    if let limit, limit < 1 { throw ValidationError("--limit: expected at least 1, got \(limit)") }
    guard (1...65_536).contains(maxTokens) else {
      throw ValidationError("--max-tokens: expected 1 to 65536, got \(maxTokens)")
    }
  }

  func run() throws {
    let questions = Array(try BenchQuestion.all(in: questions).prefix(limit ?? Int.max))
    let loaded = try options.load()
    let own = URL(fileURLWithPath: options.model).deletingPathExtension().lastPathComponent
    let length = min(8192, loaded.file.architecture.contextLength)
    let conversation = BenchConversation(
      model: try EvaluatedModel(
        loaded,
        adapter: adapter,
        precision: options.precision,
        maximumLength: length
      ),
      name: name ?? own,
      seed: seed,
      isGreedy: greedy,
      maximumTokens: maxTokens
    )
    let exists = FileManager.default.fileExists(atPath: out)
    var answers = exists ? try BenchAnswer.all(in: out) : [:]
    let open = questions.filter { answers[$0.id] == nil }
    for start in stride(from: 0, to: open.count, by: 16) {
      EvalDisplay.show("questions", start, open.count)
      let batch = Array(open[start..<min(open.count, start + 16)])
      for answer in try conversation.answers(to: batch) { answers[answer.questionID] = answer }
      let lines = answers.sorted { $0.key < $1.key }.map { $0.value.line + "\n" }.joined()
      try AtomicFile.write(Data(lines.utf8), to: out)
    }
    EvalDisplay.clear()
    print("\(answers.count) answers in \(out); `devft eval judge` has them judged")
  }
}
