"""What would happen if: levers on demand, prices, costs, supply and money, solved together."""
