import Foundation

extension LoRAConfiguration {
  /// Reads the contents of an `adapter_config.json`.
  ///
  /// - Parameters:
  ///   - json: The contents.
  ///   - path: The file, for messages.
  /// - Throws: `FormatError`; with code `unsupported` for every kind of adapter but plain LoRA.
  init(json: Data, path: String?) throws(FormatError) {
    func refuse(_ message: String) -> FormatError {
      FormatError(.unsupported, path: path, message)
    }
    let kind = try JSONFile.decode([String: PEFTKind].self, from: json, path: path)
    guard let type = kind["peft_type"]?.name, type == "LORA" else {
      throw refuse("peft_type is \(kind["peft_type"]?.name ?? "missing"), expected LORA")
    }
    let flags = try JSONFile.decode([String: PEFTFlag].self, from: json, path: path)
    let peft = try JSONFile.decode(PEFTConfiguration.self, from: json, path: path)
    let isClassifier = peft.task_type == PEFTConfiguration.classification
    for key in PEFTConfiguration.refusedKeys where flags[key]?.isSet == true {
      // A classifier's head is such a module, and is checked with the tensors.
      guard isClassifier, key == "modules_to_save" else {
        throw refuse("\(key) is set, which is not supported")
      }
    }
    if let bias = peft.bias, bias != "none" { throw refuse("bias is \(bias), expected none") }
    if case .method(let method) = peft.init_lora_weights,
      !PEFTConfiguration.Initialisation.harmlessMethods.contains(method)
    {
      throw refuse("init_lora_weights is \(method), which changes the base weights")
    }
    let dropout = peft.lora_dropout ?? 0
    guard peft.r >= 1, 0..<1 ~= dropout, peft.lora_alpha.isFinite else {
      throw FormatError(
        .malformed,
        path: path,
        "r is \(peft.r), lora_alpha \(peft.lora_alpha) and lora_dropout \(dropout), expected a rank "
          + "of at least 1, a number, and a probability below 1"
      )
    }
    self.init(
      rank: peft.r,
      alpha: peft.lora_alpha,
      targets: try LoRAConfiguration.targets(
        peft.target_modules,
        isClassifier: isClassifier,
        path: path
      ),
      dropoutProbability: dropout,
      baseModelName: peft.base_model_name_or_path,
      isRankStabilised: peft.use_rslora ?? false,
      // The tensors say which.
      encoder: isClassifier ? .bert : nil
    )
  }

  /// The contents of an `adapter_config.json`: keys sorted, the same bytes for equal values.
  ///
  /// - Parameter layerCount: Layers of the adapter.
  /// - Returns: The contents.
  /// - Throws: Whatever the encoder of JSON throws.
  func json(layerCount: Int) throws -> Data {
    let names = targets.flatMap { target in
      encoder == nil
        ? [target.targetName]
        : EncoderFamily.targetNames(of: target, layerCount: layerCount)
    }
    let peft = PEFTConfiguration(
      peft_type: "LORA",
      r: rank,
      lora_alpha: alpha,
      target_modules: .names(names.sorted()),
      lora_dropout: dropoutProbability,
      use_rslora: isRankStabilised,
      base_model_name_or_path: baseModelName,
      bias: "none",
      task_type: encoder == nil ? "CAUSAL_LM" : PEFTConfiguration.classification,
      inference_mode: true,
      init_lora_weights: .standard(true),
      modules_to_save: encoder == nil ? nil : [PEFTConfiguration.head]
    )
    let jsonEncoder = JSONEncoder()
    jsonEncoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try jsonEncoder.encode(peft) + Data("\n".utf8)
  }

  private static func targets(
    _ modules: PEFTConfiguration.TargetModules,
    isClassifier: Bool,
    path: String?
  ) throws(FormatError) -> [Projection] {
    guard case .names(let names) = modules else {
      throw FormatError(.unsupported, path: path, "target_modules is an expression, not a list")
    }
    guard !names.isEmpty else {
      throw FormatError(.malformed, path: path, "target_modules is empty")
    }
    var targets: [Projection] = []
    for name in names {
      let own = isClassifier ? EncoderFamily.projections(ofTarget: name) : []
      targets += try own.isEmpty ? [projection(of: name, path: path)] : own
    }
    return targets
  }

  private static func projection(
    of name: String,
    path: String?
  ) throws(FormatError) -> Projection {
    let last = name.split(separator: ".").last.map(String.init)
    guard let projection = Projection.allCases.first(where: { $0.targetName == last }) else {
      let known = Projection.allCases.map(\.targetName).joined(separator: ", ")
      throw FormatError(
        .unsupported,
        path: path,
        "target_modules holds \(name), expected some of \(known)"
      )
    }
    return projection
  }
}

/// A text where there is one; anything else has no name.
private struct PEFTKind: Decodable {
  let name: String?
  init(from decoder: any Decoder) throws {
    name = try? decoder.singleValueContainer().decode(String.self)
  }
}
