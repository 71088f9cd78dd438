import DevFTFormats
import DevFTStages
import DevFTTensor
import Foundation

/// The `README.md` of an export: what it is, where it comes from, and what it cost.
///
/// Paths are left out: a card is made to be published.
struct ModelCard {
  private let export: ModelExport
  private let parts: ExportParts
  private let record: RunRecord?

  /// Gathers what is known.
  ///
  /// - Parameters:
  ///   - export: What is written.
  ///   - parts: What it is put together from.
  ///   - run: The run it comes from, or `nil`.
  /// - Throws: `RunError` when a file of the run directory is broken.
  init(_ export: ModelExport, _ parts: ExportParts, run: RunDirectory?) throws {
    self.export = export
    self.parts = parts
    record = try run.map(RunRecord.init)
  }

  /// The whole file.
  var markdown: String {
    let sections = [
      head, summary, section("Base model", base), adapter.map { section("Adapter", $0) },
      submodel.map { section("Submodel", $0) },
    ]
    let training =
      record?.sections.map { section($0.title, $0.body) } ?? [
        section("Training", "How the adapter was trained is not known: no run directory was given.")
      ]
    let isTrained = export.adapter != nil || record != nil
    return (sections.compactMap(\.self) + (isTrained ? training : []) + [section("Use", use)])
      .joined(separator: "\n\n") + "\n"
  }

  private func section(_ title: String, _ body: String) -> String { "## \(title)\n\n\(body)" }

  /// Name of the model without the folders it lies in.
  private var baseName: String { Self.lastPart(export.model) }

  /// What stands after the last slash.
  static func lastPart(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  private var head: String {
    let library =
      switch export.format {
      case .peft: "peft"
      case .huggingFace: "transformers"
      case .gguf, .ggufLoRA: "gguf"
      }
    return """
      ---
      base_model: \(JSONValue.string(baseName).encoded)
      library_name: \(library)
      pipeline_tag: text-generation
      tags: [devft, federated-learning, lora]
      ---
      """
  }

  private var summary: String {
    let what =
      switch export.format {
      case .peft: "A LoRA adapter in PEFT's layout"
      case .ggufLoRA: "A LoRA adapter as a GGUF file for llama.cpp"
      case .huggingFace: "A model as a Hugging Face directory"
      case .gguf: "A model as a GGUF file for llama.cpp"
      }
    let merged = export.adapter != nil && !export.format.needsAdapter
    return """
      # \(Self.lastPart(export.output))

      \(what), \(merged ? "with a LoRA adapter merged into it, " : "")written by devft \
      \(ProgramVersion.current).
      """
  }

  private var base: String {
    let architecture = parts.file.architecture
    return table([
      ("model", baseName), ("family", architecture.family),
      ("layers", "\(architecture.layerCount)"), ("width", "\(architecture.width)"),
      ("vocabulary", "\(architecture.vocabularySize)"),
      ("numbers of this export", export.format == .peft ? "F32" : export.chosenType.rawValue),
    ])
  }

  private var adapter: String? {
    guard let adapter = parts.adapter else { return nil }
    let configuration = adapter.configuration
    return table([
      ("rank", "\(configuration.rank)"),
      ("alpha", "\(configuration.alpha)"),
      ("targets", configuration.targets.map(\.targetName).joined(separator: ", ")),
      ("layers", "\(adapter.layers.count)"),
      ("parameters", "\(adapter.tensors.parameterCount)"),
    ])
  }

  private var submodel: String? {
    guard let groups = parts.groups else { return nil }
    let rows = groups.members.enumerated().map { index, members in
      ("\(index)", members.map(String.init).joined(separator: " "))
    }
    return "Each layer stands for a group of layers of the base, fused into one.\n\n"
      + table(rows, head: ("layer", "layers of the base"))
  }

  private var use: String {
    switch export.format {
    case .peft:
      "```python\nmodel = peft.PeftModel.from_pretrained(base, \"path/to/this\")\n```"
    case .huggingFace:
      "```python\nmodel = transformers.AutoModelForCausalLM.from_pretrained(\"path/to/this\")\n```"
    case .gguf: "```\nllama-cli -m \(export.ggufName)\n```"
    case .ggufLoRA: "```\nllama-cli -m base.gguf --lora \(export.ggufName)\n```"
    }
  }

  private func table(
    _ rows: [(String, String)],
    head: (String, String) = ("", "")
  ) -> String {
    MarkdownTable(head: [head.0, head.1], rows: rows.map { [$0.0, $0.1] }).text
  }
}
