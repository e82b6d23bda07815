# ruff: noqa: S608  (only constant text is joined here; every value is a parameter)
"""The review's questions to the books. Each answers all spans of days in one pass.

Every query takes the rates (days, currencies, rates) and the spans (numbers, first days, last days)
as lists to unnest. Amounts stay DECIMAL from the row to the sum.
"""

GIVEN = """
    WITH rate AS (SELECT unnest(?::DATE[]) AS day, unnest(?::VARCHAR[]) AS currency, unnest(?::DECIMAL(18,8)[]) AS rate),
    span AS (SELECT unnest(?::INTEGER[]) AS n, unnest(?::DATE[]) AS first, unnest(?::DATE[]) AS last),
    reach AS (SELECT min(first)::TIMESTAMP AS begin, max(last)::TIMESTAMP + INTERVAL 1 DAY AS finish FROM span),
"""

SALES = (
    GIVEN
    + """
    sold AS (
        SELECT o.ordered_at::DATE AS day, o.currency, l.sku, sum(l.quantity)::INTEGER AS units,
               sum(l.unit_price * l.quantity::DECIMAL(9,0))::DECIMAL(18,4) AS gross,
               sum(coalesce(l.discount, 0))::DECIMAL(18,4) AS discount, count(*) AS n
        FROM orders o JOIN order_lines l USING (order_id)
        WHERE coalesce(o.status, 'paid') <> 'cancelled'
          AND o.ordered_at >= (SELECT begin FROM reach) AND o.ordered_at < (SELECT finish FROM reach)
        GROUP BY ALL
    ), based AS (
        SELECT s.day, s.sku, s.units, s.n, s.gross * r.rate AS gross, s.discount * r.rate AS discount,
               (p.unit_cost * s.units::DECIMAL(9,0))::DECIMAL(18,4) * c.rate AS cost
        FROM sold s LEFT JOIN products p USING (sku)
        LEFT JOIN rate r ON r.day = s.day AND r.currency = s.currency
        LEFT JOIN rate c ON c.day = s.day AND c.currency = p.currency
    )
    SELECT span.n, b.sku, sum(b.units)::BIGINT, sum(b.gross), sum(b.discount), sum(b.cost), sum(b.n)::BIGINT
    FROM span JOIN based b ON b.day BETWEEN span.first AND span.last GROUP BY ALL ORDER BY 1, 2
"""
)

ORDERS = (
    GIVEN
    + """
    placed AS (
        SELECT ordered_at::DATE AS day, count(*) AS n FROM orders
        WHERE coalesce(status, 'paid') <> 'cancelled'
          AND ordered_at >= (SELECT begin FROM reach) AND ordered_at < (SELECT finish FROM reach)
          AND order_id IN (SELECT order_id FROM order_lines)
        GROUP BY 1
    )
    SELECT span.n, sum(p.n)::BIGINT
    FROM span JOIN placed p ON p.day BETWEEN span.first AND span.last GROUP BY 1
"""
)

REFUNDS = (
    GIVEN
    + """
    back AS (
        SELECT refunded_at::DATE AS day, currency, sku, sum(quantity)::BIGINT AS units,
               sum(amount)::DECIMAL(18,4) AS amount
        FROM refunds GROUP BY ALL
    )
    SELECT span.n, b.sku, sum(b.units)::BIGINT, sum(b.amount * r.rate)
    FROM span JOIN back b ON b.day BETWEEN span.first AND span.last
    LEFT JOIN rate r ON r.day = b.day AND r.currency = b.currency GROUP BY ALL ORDER BY 1, 2
"""
)

SHIPPING = (
    GIVEN
    + """
    sent AS (
        SELECT o.ordered_at::DATE AS day, s.currency, sum(s.cost)::DECIMAL(18,4) AS cost, count(*) AS n
        FROM shipments s JOIN orders o USING (order_id)
        WHERE coalesce(o.status, 'paid') <> 'cancelled' AND s.cost IS NOT NULL
          AND o.ordered_at >= (SELECT begin FROM reach) AND o.ordered_at < (SELECT finish FROM reach)
        GROUP BY ALL
    )
    SELECT span.n, sum(t.cost * r.rate), sum(t.n)::BIGINT
    FROM span JOIN sent t ON t.day BETWEEN span.first AND span.last
    LEFT JOIN rate r ON r.day = t.day AND r.currency = t.currency GROUP BY 1
"""
)

ADS = (
    GIVEN
    + """
    ran AS (
        SELECT day, currency, channel, sum(spend)::DECIMAL(18,4) AS spend,
               sum(coalesce(sales, 0))::DECIMAL(18,4) AS sales, count(*) AS n
        FROM ad_spend GROUP BY ALL
    )
    SELECT span.n, a.channel, sum(a.spend * r.rate), sum(a.sales * r.rate), sum(a.n)::BIGINT
    FROM span JOIN ran a ON a.day BETWEEN span.first AND span.last
    LEFT JOIN rate r ON r.day = a.day AND r.currency = a.currency GROUP BY ALL ORDER BY 1, 3 DESC, 2
"""
)

WEEKLY = (
    GIVEN
    + """
    sold AS (
        SELECT o.ordered_at::DATE AS day, o.currency, sum(l.unit_price * l.quantity::DECIMAL(9,0))::DECIMAL(18,4) AS gross
        FROM orders o JOIN order_lines l USING (order_id)
        WHERE coalesce(o.status, 'paid') <> 'cancelled'
          AND o.ordered_at >= (SELECT begin FROM reach) AND o.ordered_at < (SELECT finish FROM reach)
        GROUP BY ALL
    )
    SELECT date_trunc('week', s.day)::DATE, sum(s.gross * r.rate)
    FROM sold s JOIN rate r USING (day, currency) GROUP BY 1 ORDER BY 1
"""
)

STOCK = (
    GIVEN
    + """
    latest AS (
        SELECT sku, on_hand FROM inventory WHERE day <= (SELECT max(last) FROM span)
        QUALIFY row_number() OVER (PARTITION BY sku, warehouse ORDER BY day DESC) = 1
    ), held AS (SELECT sku, greatest(sum(on_hand), 0)::INTEGER AS units FROM latest GROUP BY 1)
    SELECT h.sku, h.units, (p.unit_cost * h.units::DECIMAL(9,0))::DECIMAL(18,4) * r.rate
    FROM held h LEFT JOIN products p USING (sku)
    LEFT JOIN rate r ON r.currency = p.currency AND r.day = (SELECT max(last) FROM span) ORDER BY h.sku
"""
)
