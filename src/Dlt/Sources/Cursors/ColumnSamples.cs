using Apache.Arrow;
using Dlt.Batches.Values;

namespace Dlt.Sources.Cursors;

/// <summary>Reads the cursor values of a column.</summary>
internal static class ColumnSamples
{
    /// <summary>Returns a function that reads the cursor value of a row.</summary>
    public static Func<int, CursorSample> Of(IArrowArray column)
    {
        var values = ArrowValues.Of(column);
        return row =>
        {
            if (!values.TryNumber(row, out var number, out var type)) return CursorSample.Of(values.ToJson(row));
            return type switch
            {
                NumberType.Integer => CursorSample.Of(number),
                NumberType.Date => CursorSample.OfDay((int)number),
                NumberType.NaiveTime => CursorSample.Of(new Timestamp(number, null)),
                _ => CursorSample.Of(new Timestamp(number, 0)),
            };
        };
    }
}
