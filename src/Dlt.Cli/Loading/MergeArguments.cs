using System.CommandLine;

namespace Dlt.Cli.Loading;

/// <summary>The options <c>--merge</c> and <c>--strategy</c>: rows of files replace rows with the same key.</summary>
internal sealed class MergeArguments
{
    private const string DeleteInsert = "delete-insert";
    private const string Upsert = "upsert";
    private const string InsertOnly = "insert-only";

    private readonly Option<string?> _merge = new("--merge")
    {
        Description = "Merge the rows by this key, into an Iceberg table: one column, or several separated by commas.",
        HelpName = "columns",
    };

    private readonly Option<string?> _strategy = new("--strategy")
    {
        Description = "How --merge combines rows: delete-insert (the default), upsert or insert-only.",
    };

    public MergeArguments()
    {
        _strategy.AcceptOnlyFromAmong(DeleteInsert, Upsert, InsertOnly);
        _merge.Validators.Add(result =>
        {
            if (ColumnsOf(result.GetValueOrDefault<string?>()).Length == 0)
                result.AddError("Option '--merge' needs the columns of the key.");
        });
    }

    /// <summary>The options.</summary>
    public IEnumerable<Option> Options => [_merge, _strategy];

    /// <summary>Adds what the options ask for to the hints of a table.</summary>
    /// <exception cref="DltException">The options contradict each other.</exception>
    public ResourceHints Apply(ParseResult parse, ResourceHints hints)
    {
        var key = ColumnsOf(parse.GetValue(_merge));
        var strategy = parse.GetValue(_strategy);
        if (key.Length == 0)
        {
            return strategy is null ? hints : throw new DltException(
                "--strategy says how --merge combines rows, and there is no --merge. Nothing was loaded. Add --merge with the key.");
        }

        if (hints.WriteDisposition == WriteDisposition.Replace)
        {
            throw new DltException("--replace replaces all rows, and --merge those with the same key. Nothing was loaded. Leave one of "
                + "them out.");
        }

        return hints with
        {
            WriteDisposition = WriteDisposition.Merge,
            TableFormat = TableFormat.Iceberg,
            PrimaryKey = [.. key],
            MergeStrategy = strategy switch
            {
                Upsert => new MergeStrategy.Upsert(),
                InsertOnly => new MergeStrategy.InsertOnly(),
                _ => new MergeStrategy.DeleteInsert(),
            },
        };
    }

    private static string[] ColumnsOf(string? text) =>
        text?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
