public import DevFTFormats
import DevFTStages
import Foundation

/// Writes a model, an adapter or a stage's submodel for other programs.
///
/// ```swift
/// var export = ModelExport(model: "smollm2-135m-instruct", format: .gguf, output: "homes.gguf")
/// export.adapter = "runs/demo/fedit/adapter"
/// try export.write { share in print(share) }
/// ```
/// Everything is written under a temporary name and renamed: after a failure, or a full disk, nothing
/// is there.
public struct ModelExport: Sendable {
  /// A known name, a GGUF file, or a Hugging Face directory.
  public var model: String
  /// Directory of a PEFT adapter, or `nil` for the bare model.
  public var adapter: String?
  /// What is written.
  public var format: ExportFormat
  /// Number format, or `nil` for the format's first.
  public var type: StorageType?
  /// File ending in `.gguf`, or directory; must not exist.
  public var output: String
  /// Run directory for the model card; `nil`: the one that the adapter lies in, if any.
  public var run: String?
  /// A submodel in the place of the full model, or `nil`.
  public var submodel: SubmodelChoice?

  /// Describes an export of a bare model.
  ///
  /// - Parameters:
  ///   - model: A known name, a GGUF file, or a Hugging Face directory.
  ///   - format: What is written.
  ///   - output: File ending in `.gguf`, or directory; must not exist.
  public init(model: String, format: ExportFormat, output: String) {
    self.model = model
    self.format = format
    self.output = output
  }

  /// Writes it.
  ///
  /// - Parameter report: Called with the share that is done; what it throws ends the writing.
  /// - Throws: `RunError`, `FormatError`, `StagesError`: one line that says what was expected, what came
  ///   and where.
  public func write(report: (Double) throws -> Void) throws {
    try checkChoices()
    let file = try openModelFile(at: KnownModel.path(of: model))
    if let encoder = file.architecture.encoder {
      throw RunError(
        .unsupported,
        "--model \(model): expected a decoder, got an encoder (\(encoder.family)), which is not exported; "
          + "the adapter of its run is in PEFT's format already"
      )
    }
    let directory = run.map(RunDirectory.init) ?? adapter.flatMap(RunDirectory.holding)
    let parts = try ExportParts(
      file,
      adapter: adapter,
      submodel: submodel?.resolved(run: directory, layerCount: file.architecture.layerCount)
    )
    if format.isFile, output.hasSuffix(".gguf") {
      return try write(parts, toFile: output, report: report)
    }
    let card = try ModelCard(self, parts, run: directory)
    try AtomicDirectory.make(at: output) { temporary in
      switch format {
      case .peft: try parts.adapter?.write(into: temporary)
      case .huggingFace:
        try HuggingFaceWriter(parts.weights, of: file, type: chosenType)
          .write(into: temporary, report: report)
      case .gguf, .ggufLoRA:
        try write(parts, toFile: "\(temporary)/\(ggufName)", report: report)
      }
      try AtomicFile.write(Data(card.markdown.utf8), to: "\(temporary)/README.md")
    }
  }

  /// Number format of the tensors.
  var chosenType: StorageType { type ?? format.types.first ?? .f32 }

  /// Name of the GGUF file in a directory.
  var ggufName: String {
    "\(format == .gguf ? "model" : "adapter")-\(chosenType.rawValue.lowercased()).gguf"
  }

  private func write(
    _ parts: ExportParts,
    toFile path: String,
    report: (Double) throws -> Void
  ) throws {
    if format == .gguf {
      try GGUFModelWriter(parts.weights, of: parts.file, type: chosenType)
        .write(to: path, report: report)
    } else if let adapter = parts.adapter {
      try LoRAGGUFWriter.write(
        adapter,
        for: parts.weights.architecture,
        type: chosenType,
        to: path
      )
    }
  }

  private func checkChoices() throws(RunError) {
    guard adapter != nil || !format.needsAdapter else {
      throw RunError(.unsupported, "--format \(format.rawValue): expected --adapter, got none")
    }
    if let type, !format.types.contains(type) {
      let names = format.types.map { $0.rawValue.lowercased() }.joined(separator: ", ")
      throw RunError(
        .unsupported,
        "--quantise \(type.rawValue.lowercased()): --format \(format.rawValue) has "
          + (names.isEmpty ? "float32 numbers only, without a choice" : "one of \(names)")
      )
    }
    guard !FileManager.default.fileExists(atPath: output) else {
      throw RunError(.directory, "\(output): exists already; expected a new name")
    }
  }
}
