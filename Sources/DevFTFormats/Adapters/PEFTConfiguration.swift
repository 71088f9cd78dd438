import Foundation

/// The keys of `adapter_config.json` that are read and written, with PEFT's spelling.
struct PEFTConfiguration: Codable {
  var peft_type: String
  var r: Int
  var lora_alpha: Double
  var target_modules: TargetModules
  var lora_dropout: Double?
  var use_rslora: Bool?
  var base_model_name_or_path: String?
  var bias: String?
  var task_type: String?
  var inference_mode: Bool?
  var init_lora_weights: Initialisation?
  var modules_to_save: [String]?

  /// The task of an encoder that classifies.
  static let classification = "SEQ_CLS"
  /// The module that such an adapter carries whole.
  static let head = "classifier"

  /// Keys that stand for something this program does not do unless they are null, false or empty.
  static let refusedKeys = [
    "alora_invocation_tokens", "alpha_pattern", "arrow_config", "fan_in_fan_out", "kasa_config",
    "layer_replication", "layers_to_transform", "lora_bias", "modules_to_save",
    "monteclora_config", "rank_pattern", "target_parameters", "trainable_token_indices",
    "use_bdlora", "use_dora", "use_qalora", "velora_config",
  ]

  /// A list of module names, or an expression that PEFT matches against all names.
  enum TargetModules: Codable {
    case names([String])
    case expression(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let expression = try? container.decode(String.self) {
        self = .expression(expression)
      } else {
        self = .names(try container.decode([String].self))
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .names(let names): try container.encode(names)
      case .expression(let expression): try container.encode(expression)
      }
    }
  }

  /// How the adapter was made: `true`, `false` or the name of a method.
  enum Initialisation: Codable {
    case standard(Bool)
    case method(String)

    /// Methods that leave the base weights as they are.
    static let harmlessMethods: Set = ["gaussian", "eva", "orthogonal"]

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        self = .standard(flag)
      } else {
        self = .method(try container.decode(String.self))
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .standard(let flag): try container.encode(flag)
      case .method(let name): try container.encode(name)
      }
    }
  }
}

/// Whether a key is set: null, `false`, `[]` and `{}` are not.
struct PEFTFlag: Decodable {
  let isSet: Bool

  private struct Anything: Decodable { init(from decoder: any Decoder) throws {} }

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      isSet = false
    } else if let flag = try? container.decode(Bool.self) {
      isSet = flag
    } else if let list = try? container.decode([Anything].self) {
      isSet = !list.isEmpty
    } else if let object = try? container.decode([String: Anything].self) {
      isSet = !object.isEmpty
    } else {
      isSet = true
    }
  }
}
