using Dlt.Schemas;

namespace Dlt.Tests.AthenaDestination.Publishing.Merging;

/// <summary>Merge scripts over rows that were appended before, whose ids are not those of their keys.</summary>
public sealed class MovedRowsScriptTests
{
    private const string Id = "_dlt_id text row_key";

    [Theory, InlineData("v text"), InlineData("v text x-row-version")]
    public void A_row_whose_id_changes_takes_its_nested_rows_along_where_unchanged_rows_are_skipped(string column)
    {
        using var lab = new MergeLab().Table("t", null, "id bigint primary_key", column, Id)
            .Table("t__i", "t", "v bigint", "_dlt_root_id text root_key", "_dlt_parent_id text parent_key", Id)
            .Table("t__i__p", "t__i", "n bigint", "_dlt_root_id text root_key", "_dlt_parent_id text parent_key", Id);
        lab.Stage("t", "(1, 'a', 'old'), (2, 'b', 'k2')").Stage("t__i", "(10, null, 'old', 'o1'), (20, 'k2', 'k2', 'k2.0')");
        lab.Stage("t__i__p", "(100, null, 'o1', 'p1')").Merge(new MergeStrategy.Upsert());
        lab.Stage("t", "(1, 'a', 'k1'), (2, 'b', 'k2')").Stage("t__i", "(11, 'k1', 'k1', 'k1.0'), (20, 'k2', 'k2', 'k2.0')");
        lab.Stage("t__i__p", "(111, 'k1', 'k1.0', 'k1.0.0')").Merge(new MergeStrategy.Upsert { SkipUnchangedRows = true });
        Assert.Equal("1,11,111 2,20,-", lab.Rows(
            "SELECT t.id, i.v, p.n FROM t FULL JOIN t__i i ON i._dlt_parent_id = t._dlt_id "
            + "FULL JOIN t__i__p p ON p._dlt_parent_id = i._dlt_id ORDER BY 1"));
    }
}
