public import ArgumentParser
import DevFTCommandLine
public import DevFTFormats
public import DevFTRuntime
public import DevFTStages
import Foundation

/// A model, an adapter or a submodel for other programs.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a model or an adapter for other programs: PEFT, Hugging Face, llama.cpp.",
    discussion: "Formats: peft, hf (merged), gguf (merged), gguf-lora. See docs/export.md."
  )

  @Option(help: "A known name, a GGUF file, or a Hugging Face directory.")
  var model: String

  @Option(help: "Directory of a PEFT adapter.")
  var adapter: String?

  @Option(help: "peft, hf, gguf or gguf-lora.")
  var format: ExportFormat

  @Option(help: "Numbers: f32, f16, bf16; for gguf also q8_0, q4_0, q4_1.")
  var quantise: StorageType?

  @Option(name: .customLong("out"), help: "New directory, or for gguf a new file ending in .gguf.")
  var output: String

  @Option(
    name: .customLong("run"),
    help: "Run directory for the model card; the one that the adapter lies in without it."
  )
  var runDirectory: String?

  @Option(help: "Export the submodel of this stage of the run.")
  var stage: Int?

  @Option(help: "Export the submodel of the layer groups in this JSON file.")
  var groups: String?

  @Option(
    help: "With --groups: how a group becomes one layer: dblf, anchor, mean, sum, dblf-rescaled."
  )
  var fusion: LayerFusion.Kind = .dblf

  @Option(help: "With --groups: weight of each layer of a group but the first.")
  var beta = 0.1

  func validate() throws {
    guard stage == nil || groups == nil else {
      throw ValidationError("expected --stage or --groups, got both")
    }
    guard (0...1).contains(beta) else {
      throw ValidationError("--beta: expected a number from 0 to 1, got \(beta)")
    }
  }

  func run() throws {
    Interruption.watch()
    // Past a file size limit writing fails, as on a full disk, instead of ending the program.
    signal(SIGXFSZ, SIG_IGN)
    var export = ModelExport(model: model, format: format, output: output)
    export.adapter = adapter
    export.type = quantise
    export.run = runDirectory
    export.submodel = submodel
    try export.write { share in
      if Interruption.hasCome { throw ExitCode(Interruption.status) }
      show(share)
    }
    print(output)
  }

  private var submodel: SubmodelChoice? {
    if let stage { return .stage(stage) }
    guard let groups else { return nil }
    var rule = LayerFusion()
    rule.kind = fusion
    rule.beta = beta
    return .groups(file: groups, fusion: rule)
  }

  /// The share that is done, on a terminal.
  private func show(_ share: Double) {
    guard isatty(2) == 1 else { return }
    let text = share < 1 ? "\r\(Int(share * 100)) %" : "\r     \r"
    FileHandle.standardError.write(Data(text.utf8))
  }
}

extension ExportFormat: ExpressibleByArgument {}
extension LayerFusion.Kind: ExpressibleByArgument {}

extension StorageType: ExpressibleByArgument {
  /// Reads a type in small letters, among those that are written.
  public init?(argument: String) {
    guard let type = Self.written.first(where: { $0.rawValue.lowercased() == argument }) else {
      return nil
    }
    self = type
  }
}
