using System.Globalization;
using Dlt.Items;

namespace Dlt.Normalize.Changes;

/// <summary>Warns about changes that a user may not want, after a package is normalised. The load info has all changes.</summary>
internal sealed class ChangeWarnings(Action<string> warn)
{
    public void Write(LoadChanges changes)
    {
        var rejects = changes.Rejected.Sum(r => r.Rows);
        if (rejects > 0)
            Warn($"{rejects} item(s) could not be loaded. They are in table '{RejectedItem.Table}', each with its reason and place.");
        foreach (var table in changes.ColumnsNotCreated.GroupBy(c => c.Table))
        {
            var columns = string.Join(", ", table.Select(c => c.Column));
            warn($"Columns of table '{table.Key}' got only nulls and were not created: {columns}. They are created when a row has a "
                + "value, or when a program declares their types.");
        }

        foreach (var column in changes.Rounded)
        {
            warn(string.Create(
                CultureInfo.InvariantCulture,
                $"Column '{column.Table}.{column.Column}' has {column.Scale} digits after the point, and {column.Rows} of its numbers "
                + $"have more: they were rounded, half to even. To keep all digits, declare Column.Decimal(\"{column.Column}\", 38, 18) or "
                + $"Column.Text(\"{column.Column}\") in the hints of the resource, before the column is first loaded."));
        }
    }

    private void Warn(FormattableString text) => warn(text.ToString(CultureInfo.InvariantCulture));
}
