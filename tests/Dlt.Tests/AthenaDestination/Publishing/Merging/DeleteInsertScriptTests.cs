using Dlt.Destinations.Publishing.Merging;
using Dlt.Schemas;

namespace Dlt.Tests.AthenaDestination.Publishing.Merging;

/// <summary>Which staged root rows the script of <c>delete-insert</c> inserts, and how many of them Athena must count.</summary>
public sealed class DeleteInsertScriptTests
{
    private const string ByHelper = "WHERE \"_dlt_id\" IN (SELECT * FROM ";
    private const string All = "WHERE 1 = 1";

    [Theory]
    [InlineData("id bigint primary_key", true, false, false, ByHelper, false)]
    [InlineData("id bigint primary_key", true, true, false, ByHelper, true)]
    [InlineData("id bigint primary_key", false, true, false, All, true)]
    [InlineData("id bigint primary_key", false, false, false, "ROW_NUMBER()", false)]
    [InlineData("id bigint merge_key", true, false, false, All, true)]
    [InlineData("id bigint merge_key", true, false, true, "\"_dlt_id\" NOT IN (SELECT \"_dlt_id\" FROM", null)]
    [InlineData("id bigint merge_key hard_delete", true, false, false, "\"id\" IS NULL", null)]
    [InlineData("id bigint primary_key hard_delete", true, false, false, ByHelper, null)]
    public void The_root_rows_are_selected_by_what_the_table_declares(
        string column, bool hasNested, bool isDeduplicated, bool isRepeated, string selection, bool? isEach)
    {
        using var lab = new MergeLab { IsRepeated = isRepeated }.Table("t", null, column, "_dlt_id text row_key");
        if (hasNested) lab.Table("t__i", "t", "v bigint", "_dlt_root_id text root_key", "_dlt_id text row_key");
        var script = lab.Script(new MergeStrategy.DeleteInsert { IsDeduplicated = isDeduplicated });
        var insert = Assert.Single(script, s => s.Sql.StartsWith("INSERT INTO \"c\".\"d\".\"t\"(", StringComparison.Ordinal));
        Assert.Contains(selection, insert.Sql, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(isEach is { } each ? new InsertedRows("t", each) : null, insert.Inserts);
    }
}
