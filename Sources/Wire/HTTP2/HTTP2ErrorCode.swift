/// Why a stream or a connection ends (RFC 9113 §7).
public enum HTTP2ErrorCode: UInt32, Sendable {
  case noError = 0
  case protocolError, internalError, flowControlError, settingsTimeout, streamClosed
  case frameSizeError, refusedStream, cancel, compressionError, connectError, enhanceYourCalm
  case inadequateSecurity, http11Required
}
