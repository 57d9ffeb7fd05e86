using Dlt.Destinations.Tables;

namespace Dlt.Destinations.Publishing.Merging;

/// <summary>
/// A table of the staging dataset with the row keys to delete or to insert. Its name is the same in each load, and a load drops it before
/// it makes it (docs/spec/athena-destination.md 5.3).
/// </summary>
/// <param name="input">The merge.</param>
/// <param name="operation"><c>delete</c> or <c>insert</c>.</param>
internal sealed class HelperTable(MergeInput input, string operation)
{
    /// <summary>Rows of the dataset that the merge deletes.</summary>
    public const string Delete = "delete";

    /// <summary>Staged rows that the merge inserts.</summary>
    public const string Insert = "insert";

    /// <summary>The quoted name.</summary>
    public string Table => input.Names.Staged(Name);

    private string Name => NameOf(input.Root.Name, operation);

    /// <summary>The statements that make the table.</summary>
    /// <param name="select">The query for its rows, with the white space before it.</param>
    public IEnumerable<MergeStatement> Made(string select) =>
    [
        new(new DdlStatements(input.Names.Catalog).DropTable(input.Names.Staging, Name)),
        new($"CREATE TABLE {Table} AS{select}") { Makes = Name },
    ];

    /// <summary>Name of the helper table of a root table.</summary>
    public static string NameOf(string root, string operation)
    {
        var name = $"{root}_{operation}";
        name += "_" + NamingConvention.Tag(name);
        return NamingConvention.Shorten(name, name, AthenaCapabilities.LongestName).ToLowerInvariant();
    }
}
