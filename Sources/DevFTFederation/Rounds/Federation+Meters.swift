import DevFTTensor

extension Federation {
  /// What arrives when an adapter is sent: what stays in its place is not rounded.
  func travelled(_ adapter: [NamedTensors]) -> [NamedTensors] {
    guard wireFormat != .f32 else { return adapter }
    return adapter.map { layer in
      layer.map { name, tensor in method.travels(name) ? wireFormat.received(tensor) : tensor }
    }
  }

  /// Bytes of an adapter on the wire: those of its tensors that travel.
  func byteCount(_ adapter: [NamedTensors]) -> Int {
    let numbers = adapter.reduce(0) { sum, layer in
      sum + layer.names.filter(method.travels).reduce(0) { $0 + (layer[$1]?.count ?? 0) }
    }
    return numbers * wireFormat.bytesPerNumber
  }

  /// The costs of a round, by client.
  func meters(of intake: RoundIntake, plan: RoundPlan, serverTime: Duration) -> RoundMeters {
    var clients: [Int: ClientMeters] = [:]
    for task in intake.tasks.values {
      let shipment = plan.shipments[task.client] ?? Traffic()
      let report = intake.reports[task.client]
      clients[task.client] = ClientMeters(
        traffic: shipment
          + Traffic(
            loraUp: intake.uploadedByteCounts[task.client, default: 0],
            loraDown: byteCount(task.adapter)
          ),
        computeTime: report?.computeTime ?? .zero,
        peakByteCount: report?.peakByteCount ?? 0
      )
    }
    let transfers = clients.values.compactMap { network?.transferTime(of: $0.traffic) }
    return RoundMeters(
      clients: clients,
      serverTime: serverTime,
      transferTime: transfers.max() ?? .zero
    )
  }
}
