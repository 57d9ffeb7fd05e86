namespace Dlt.Destinations.Publishing.Merging;

/// <summary>Selects one staged row for each key, and of those the ones that meet a condition.</summary>
internal static class DeduplicatedSelect
{
    /// <summary>The query, with the white space before it.</summary>
    /// <param name="staged">Quoted staged table.</param>
    /// <param name="keys">Quoted columns of the key.</param>
    /// <param name="order">The row that is kept; null for any.</param>
    /// <param name="columns">Quoted columns of the result, with commas.</param>
    /// <param name="condition">Condition on the kept rows.</param>
    /// <param name="tested">Further quoted column that the condition uses; null for none.</param>
    /// <param name="filter">Condition on the rows to choose from, in parentheses; null for all rows.</param>
    public static string Of(
        string staged, IEnumerable<string> keys, DedupSort? order, string columns, string condition, string? tested = null,
        string? filter = null)
    {
        var (outer, middle, inner) = (SqlLayout.Break(16), SqlLayout.Break(20), SqlLayout.Break(24));
        var sort = order is null ? "(SELECT NULL)" : $"{SqlNames.Column(order.Column)} {(order.IsDescending ? "DESC" : "ASC")}";
        var read = tested is null ? columns : $"{columns}, {tested}";
        var from = filter is null ? staged : $"{staged} WHERE {filter}";
        return $" {outer}SELECT {columns}{middle}FROM ({inner}"
            + $"SELECT ROW_NUMBER() OVER (partition BY {string.Join(", ", keys)} ORDER BY {sort}) AS _dlt_dedup_rn, {read}{inner}"
            + $"FROM {from}{middle}) AS _dlt_dedup_numbered WHERE _dlt_dedup_rn = 1 AND ({condition})";
    }
}
