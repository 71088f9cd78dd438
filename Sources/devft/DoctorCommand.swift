import ArgumentParser
import DevFTRuntime
import DevFTTensor
import Foundation

/// What is found on this machine, and what is missing.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Show what is found on this machine and what is missing."
  )

  func run() throws {
    print("devft      \(ProgramVersion.current)")
    print("oneDNN     \(ProgramVersion.oneDNN)")
    print("cores      \(ProcessInfo.processInfo.activeProcessorCount) (\(Threads.count) threads)")
    print("memory     \(ByteCountText.text(Int(ProcessInfo.processInfo.physicalMemory)))")
    print("CPU        \(cpuFeatures.joined(separator: " "))")
    let bf16 = Precision.bfloat16.isSupported ? "yes" : "no: f32 is used in its place"
    print("bf16       \(bf16)")
    for model in KnownModel.all {
      let state =
        model.matches(model.path)
        ? model.path
        : FileManager.default.fileExists(atPath: model.path)
          ? "\(model.path): another file than expected; get it anew: devft model get \(model.name)"
          : "missing; get it: devft model get \(model.name)"
      print("model      \(model.name): \(state)")
    }
    let pip =
      FileManager.default.isExecutableFile(atPath: "/usr/bin/python3") || hasOnPath("python3")
    print("python3    \(pip ? "found" : "missing: needed to download models, nothing else")")
  }

  /// Vector extensions that the kernels can use.
  private var cpuFeatures: [String] {
    let wanted = [
      "avx2", "fma", "avx512f", "avx512_bf16", "avx512_vnni", "amx_bf16", "asimd", "bf16",
    ]
    guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8),
      let line = text.split(separator: "\n").first(where: {
        $0.hasPrefix("flags") || $0.hasPrefix("Features")
      })
    else { return ["unknown"] }
    let present = Set(line.split(separator: " ").map(String.init))
    return wanted.filter(present.contains)
  }

  private func hasOnPath(_ program: String) -> Bool {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return path.split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/\(program)")
    }
  }
}
