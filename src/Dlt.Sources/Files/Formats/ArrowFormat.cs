using Dlt.Files;

namespace Dlt.Sources.Files.Formats;

/// <summary>Apache Arrow IPC, as a file or stream.</summary>
internal sealed class ArrowFormat : RowFormat
{
    public override string Name => "arrow";

    public override bool IsText => false;

    internal override string Title => "Arrow";

    internal override IReadOnlyList<string> Endings { get; } = ["arrow", "arrows", "feather", "ipc"];

    internal override string Method => nameof(FileResource.Arrow);

    internal override bool HasMagic(ReadOnlySpan<byte> head) => head.StartsWith("ARROW1"u8) || IsStream(head);

    public override IAsyncEnumerable<object?> ReadAsync(
        InputFile file, FileReadingOptions options, ResourceContext context, CancellationToken cancellationToken) =>
        ArrowRows.ReadAsync(file, cancellationToken);

    /// <summary>
    /// True if the bytes are an Arrow stream, which begins with four bytes of ones and the length of its schema, below 16 MiB.
    /// </summary>
    private static bool IsStream(ReadOnlySpan<byte> head) =>
        head.Length >= 8 && head[..4].IndexOfAnyExcept((byte)0xFF) < 0 && head[7] == 0;
}
