extension TokenizerFile {
  /// Reads `normalizer`.
  ///
  /// - Returns: The normaliser.
  /// - Throws: `FormatError` with code `unsupported` that names the step.
  func normalizer() throws(FormatError) -> Normalizer {
    var steps: [Normalizer.Step] = []
    for step in flattened(json["normalizer"], "normalizers") {
      switch step["type"]?.text {
      case "NFC": steps.append(.composition)
      case "Prepend": steps.append(.prefix(Array((step["prepend"]?.text ?? "").utf8)))
      case "Replace":
        guard let pattern = step["pattern"]?["String"]?.text, let content = step["content"]?.text
        else { throw unsupported("normalizer \(step.encoded): only \"String\" patterns are read") }
        steps.append(.replacement(of: Array(pattern.utf8), by: Array(content.utf8)))
      case "BertNormalizer": steps.append(.bert(bertNormalization(step)))
      default:
        throw unsupported(
          "normalizer \(step.encoded): known are BertNormalizer, NFC, Prepend and Replace"
        )
      }
    }
    return Normalizer(steps: steps)
  }

  /// Reads `pre_tokenizer`.
  ///
  /// - Returns: The pre-tokenizer, and whether it ends in spelling bytes.
  /// - Throws: `FormatError` with code `unsupported` that shows the step or its pattern.
  func preTokenizer() throws(FormatError) -> (PreTokenizer, isByteLevel: Bool) {
    var steps: [PreTokenizer.Step] = []
    var isByteLevel = false
    for step in flattened(json["pre_tokenizer"], "pretokenizers") {
      guard !isByteLevel else {
        throw unsupported("pre_tokenizer \(step.encoded) after ByteLevel")
      }
      switch step["type"]?.text {
      case "ByteLevel":
        isByteLevel = true
        if step["add_prefix_space"]?.boolean ?? true { steps.append(.prefixSpace) }
        if step["use_regex"]?.boolean ?? true { steps.append(.words(.gpt2)) }
      case "Digits":
        steps.append(.digits(individually: step["individual_digits"]?.boolean ?? false))
      case "Metaspace": steps.append(try metaspace(step))
      case "BertPreTokenizer": steps.append(.bertWords)
      case "Split": steps.append(.words(try pattern(step)))
      default:
        throw unsupported(
          "pre_tokenizer \(step.encoded): known are BertPreTokenizer, ByteLevel, Digits, Metaspace "
            + "and Split"
        )
      }
    }
    return (PreTokenizer(steps: steps), isByteLevel)
  }

  /// A step, or the steps of a sequence, however deep.
  private func flattened(_ step: JSONValue?, _ key: String) -> [JSONValue] {
    guard let step, step != .null else { return [] }
    guard step["type"]?.text == "Sequence" else { return [step] }
    return (step[key]?.elements ?? []).flatMap { flattened($0, key) }
  }

  /// Accents go with the case unless the file says otherwise.
  private func bertNormalization(_ step: JSONValue) -> BertNormalization {
    let lowercases = step["lowercase"]?.boolean ?? true
    return BertNormalization(
      cleansText: step["clean_text"]?.boolean ?? true,
      spacesChinese: step["handle_chinese_chars"]?.boolean ?? true,
      stripsAccents: step["strip_accents"]?.boolean ?? lowercases,
      lowercases: lowercases
    )
  }

  private func metaspace(_ step: JSONValue) throws(FormatError) -> PreTokenizer.Step {
    guard step["replacement"]?.text == "▁" else {
      throw unsupported("pre_tokenizer \(step.encoded): the replacement must be ▁")
    }
    let older = step["add_prefix_space"]?.boolean ?? true ? "always" : "never"
    let cuts = step["split"]?.boolean ?? true
    switch step["prepend_scheme"]?.text ?? older {
    case "always": return .metaspace(prefix: .always, cuts: cuts)
    case "first": return .metaspace(prefix: .first, cuts: cuts)
    case "never": return .metaspace(prefix: .never, cuts: cuts)
    default: throw unsupported("pre_tokenizer \(step.encoded): unknown prepend_scheme")
    }
  }

  /// The known expressions match all of any text, so keeping the matches or removing what does not
  /// match come to the same.
  private func pattern(_ step: JSONValue) throws(FormatError) -> WordPattern {
    let isInverted = step["invert"]?.boolean ?? false
    let behavior = step["behavior"]?.text
    let keepsMatches =
      (behavior == "Isolated" && !isInverted) || (behavior == "Removed" && isInverted)
    let expression = step["pattern"]?["Regex"]?.text
    guard keepsMatches, let known = WordPattern.known.first(where: { $0.expression == expression })
    else {
      throw unsupported(
        "pre_tokenizer \(step.encoded): its pattern is none of those of GPT-2, Llama 3 and Qwen2"
      )
    }
    return known.pattern
  }
}

extension Normalizer {
  /// Whether text gets something put before it.
  var takesPrefix: Bool {
    steps.contains { if case .prefix = $0 { true } else { false } }
  }
}

extension PreTokenizer {
  /// Whether text gets `▁` put before it.
  var takesMetaspacePrefix: Bool {
    steps.contains {
      if case .metaspace(let prefix, _) = $0 { prefix != .never } else { false }
    }
  }
}
