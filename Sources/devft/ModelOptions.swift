public import ArgumentParser
public import DevFTFormats
public import DevFTModel
import DevFTRuntime
public import DevFTTensor

/// The model, its adapter and how it runs: shared by the commands that run a model.
struct ModelOptions: ParsableArguments {
  @Option(help: "A known name, a GGUF file, or a Hugging Face directory.")
  var model: String

  @Option(help: "Type of the products: f32, bf16 or int8.")
  var precision: Precision = .bfloat16

  @Option(
    help: "Chat template: chatml, llama2, llama3, alpaca or plain; the model's own without it."
  )
  var template: ChatTemplate.Format?

  /// Opens the model.
  func load() throws -> LoadedModel { try LoadedModel(model, template: template) }
}

extension WeightStorage: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
extension ChatTemplate.Format: ExpressibleByArgument {}
