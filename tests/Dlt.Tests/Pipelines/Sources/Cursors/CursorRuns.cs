using Dlt.Json;
using Dlt.Sources.State;
using Dlt.Sources.Cursors;
using Dlt.Extract;
using Dlt.Items;

namespace Dlt.Tests.Pipelines.Sources.Cursors;

/// <summary>Runs of one cursor over pages in memory, which keep its state from run to run.</summary>
internal sealed class CursorRuns
{
    private readonly StateStore _store = new(JsonValue.EmptyObject);

    /// <summary>Everything that the runs warned about.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>What the last run did not load.</summary>
    public List<SkippedRows> Skipped { get; private set; } = [];

    /// <summary>The cursor of the last run.</summary>
    public IncrementalCursor Cursor { get; private set; } = null!;

    /// <summary>The stored state of the cursor.</summary>
    public JsonValue State => new ResourceState(_store, "s", "items")["incremental"]![Cursor.Path.Text]!;

    /// <summary>Runs once over pages of items, and returns the JSON of those that the run loads.</summary>
    public string Run(Incremental settings, params object?[] pages)
    {
        Cursor = IncrementalCursor.Open(settings, "items", [], new ResourceState(_store, "s", "items"), Warnings.Add);
        var kept = new List<string>();
        foreach (var page in pages)
        {
            foreach (var item in CursorFilter.NewItems(Cursor, Item.Of(page))) kept.AddRange(Texts(item));
            if (!Cursor.CanClose) continue;
            Cursor.Close();
            break;
        }

        Cursor.Complete();
        Skipped = [.. Cursor.Skipped.Select(s => new SkippedRows("items", s.Reason, s.Rows))];
        return string.Join(' ', kept);
    }

    private static IEnumerable<string> Texts(Item item) => item.Kind switch
    {
        ItemKind.Value => [JsonText.Write(ItemWriter.ToJson(item.Value)!)],
        ItemKind.RawJson => item.Lines.Select(l => System.Text.Encoding.UTF8.GetString(l.Span)),
        _ => [],
    };
}
