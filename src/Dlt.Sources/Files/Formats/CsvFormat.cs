using Dlt.Files;

namespace Dlt.Sources.Files.Formats;

/// <summary>CSV: text with a delimiter between fields.</summary>
internal sealed class CsvFormat : RowFormat
{
    public override string Name => "csv";

    public override bool IsText => true;

    internal override string Title => "CSV";

    internal override IReadOnlyList<string> Endings { get; } = ["csv", "tsv", "txt", "tab", "psv"];

    internal override string Method => nameof(FileResource.Csv);

    internal override Likeness Compare(string text, bool isWhole) =>
        !text.AsSpan().Trim().IsEmpty && CsvDialect.IsTable(text, isWhole) ? Likeness.Likely : Likeness.None;

    internal override bool IsImpliedBy(FileReadingOptions options) => options.Csv is not null;

    public override IAsyncEnumerable<object?> ReadAsync(
        InputFile file, FileReadingOptions options, ResourceContext context, CancellationToken cancellationToken) =>
        new CsvRows(file, (options.Csv ?? new()) with { Encoding = options.Encoding }, context).ReadAsync(cancellationToken);
}
