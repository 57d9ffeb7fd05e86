namespace Dlt.Storage;

/// <summary>An object as one response of the store describes it: its content, and the facts of that version.</summary>
/// <param name="Info">Facts of the version that was read.</param>
/// <param name="Content">The whole content.</param>
/// <param name="AnsweredAt">Time of the response by the clock of the store (S3: the header <c>Date</c>, in whole seconds); null when the
/// response has none. The difference to <see cref="ObjectInfo.LastModified"/> is the age of the object, whatever the clocks of machines
/// say.</param>
public sealed record StoredObject(ObjectInfo Info, ReadOnlyMemory<byte> Content, DateTimeOffset? AnsweredAt);
