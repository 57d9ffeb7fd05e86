using Dlt.Tests.Support;

namespace Dlt.Tests.Pipelines.Items;

/// <summary>Values that are not in properties have no columns: such items are errors, at any depth, and no row loses its values.</summary>
public sealed class NamelessValuesTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Kinds => new()
    {
        { "tuple", "The values of a tuple, 'System.ValueTuple`2[System.Int32,System.String]', have no names" },
        { "nested tuple", "The values of a tuple" },
        { "list of tuples", "The values of a tuple" },
        { "dictionary of tuples", "The values of a tuple" },
        { "fields", "has public fields, such as 'Id', and no properties, which become columns. Make its fields properties." },
        { "task", "came in place of its result. Await it, and yield the result." },
        { "throwing", "the getter failed" },
        { "cycle", "cycle" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory, MemberData(nameof(Kinds))]
    public async Task An_item_whose_values_would_be_lost_is_an_error_of_its_resource(string kind, string reason)
    {
        var account = Some.Account(_folder);
        var rows = Resource.Create("rows", new[] { ItemOf(kind) });
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(account).RunAsync(rows, Cancellation));
        Assert.StartsWith("Resource 'rows' failed: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing of this run was loaded", error.Message, StringComparison.Ordinal);
        Assert.Null(await account.Glue.GetTableAsync("ds", "rows", Cancellation));
    }

    [Fact]
    public async Task A_resource_of_tuples_is_refused_as_well()
    {
        var rows = Resource.Create("rows", new[] { (1, "a"), (2, "b") });
        var error = await Assert.ThrowsAnyAsync<DltException>(() => Some.Pipeline(Some.Account(_folder)).RunAsync(rows, Cancellation));
        Assert.Contains("Yield an anonymous object, such as new { id, name }, or a record.", error.Message, StringComparison.Ordinal);
    }

    private static object ItemOf(string kind) => kind switch
    {
        "tuple" => (1, "a"),
        "nested tuple" => new { id = 1, pair = (1, 2) },
        "list of tuples" => new { id = 1, pairs = new List<(int, int)> { (1, 2) } },
        "dictionary of tuples" => new Dictionary<string, object?> { ["id"] = 1, ["pair"] = (1, 2) },
        "fields" => new Fields { Id = 1 },
        "task" => Task.FromResult(1),
        "throwing" => new Throwing(),
        _ => new Node(),
    };

#pragma warning disable CA1051   // that is what users do
    public sealed class Fields
    {
        public int Id;
    }
#pragma warning restore CA1051

    public sealed class Throwing
    {
        public int Id => throw new FormatException("the getter failed");
    }

    public sealed class Node
    {
        public Node Next => this;
    }
}
