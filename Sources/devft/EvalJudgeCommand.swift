import ArgumentParser
import DevFTEvaluation
import DevFTRuntime
import Foundation

/// Judgements.
struct EvalJudgeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "judge",
    abstract: "Have answers judged by a model behind an OpenAI-compatible endpoint."
  )

  @Option(help: "FastChat's question.jsonl.")
  var questions: String

  @Option(help: "Answers, as `devft eval converse` writes them.")
  var answers: String

  @Option(help: "Answers to compare with; grades are given without it.")
  var against: String?

  @Option(help: "FastChat's reference answers, for questions of mathematics, reasoning and coding.")
  var references: String?

  @Option(help: "FastChat's judge_prompts.jsonl.")
  var prompts: String

  @Option(help: "Address of the endpoint up to /chat/completions, such as http://host/v1.")
  var url: String?

  @Option(help: "Name of the model that judges.")
  var judge = "gpt-4"

  @Option(help: "Environment variable that holds the key.")
  var keyVariable = "OPENAI_API_KEY"

  @Option(help: "Price of a million tokens of requests.")
  var inputPrice = 0.0

  @Option(help: "Price of a million tokens of answers.")
  var outputPrice = 0.0

  @Option(help: "Most that all judgements of the file together may cost.")
  var maxCost: Double?

  @Option(help: "File for the judgements; what it holds already is not judged again.")
  var out: String

  func validate() throws {
    guard inputPrice >= 0, outputPrice >= 0, maxCost.map({ $0 > 0 }) ?? true else {
      throw ValidationError("--input-price, --output-price: at least 0; --max-cost: above 0")
    }
    if maxCost != nil, inputPrice == 0, outputPrice == 0 {
      throw ValidationError("--max-cost: expected --input-price and --output-price beside it")
    }
  }

  func run() async throws {
    guard let url else {
      print("no --url: nothing is judged; the answers stand in \(answers), in FastChat's format")
      return
    }
    guard let address = URL(string: url), address.scheme?.hasPrefix("http") == true else {
      throw RunError(.unsupported, "--url: expected an address such as http://host/v1, got \(url)")
    }
    var run = try JudgeRun(
      questions: try BenchQuestion.all(in: questions),
      answers: try BenchAnswer.all(in: answers),
      others: try against.map { try BenchAnswer.all(in: $0) },
      references: try references.map { try BenchAnswer.all(in: $0) } ?? [:],
      prompts: prompts,
      endpoint: JudgeEndpoint(
        url: address,
        key: ProcessInfo.processInfo.environment[keyVariable],
        model: judge
      ),
      price: .init(input: inputPrice, output: outputPrice, cap: maxCost),
      path: out
    )
    let table = try await run.run { EvalDisplay.show("judgements", $0, $1) }
    EvalDisplay.clear()
    print(table.text)
  }
}
