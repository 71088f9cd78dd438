import ArgumentParser
import DevFTEvaluation
import DevFTFormats
import DevFTRuntime
import Foundation

/// Checks of answers that are there already.
struct EvalInstructionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "instructions",
    abstract: "Check which instructions of IFEval given answers follow."
  )

  @Option(help: "Directory of the benchmarks' files; docs/evaluation.md describes it.")
  var dataDir = "data"

  @Option(help: "JSONL with key and response, one line an answer; also .gz.")
  var answers: String

  @Option(help: "File for one line an answer: which instructions it follows.")
  var out: String

  func run() throws {
    let data = EvaluationData(dataDir)
    let lines = try InstructionReport(
      prompts: try data.path(of: .ifEval),
      answers: answers,
      checker: try data.instructionChecker()
    )
    try AtomicFile.write(Data(lines.text.utf8), to: out)
    print(EvaluationRun.table(of: [lines.result]).text)
  }
}
